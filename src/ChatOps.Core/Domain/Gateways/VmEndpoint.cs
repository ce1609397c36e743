using System.Text.Json.Serialization;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Gateways;

/// <summary>A port on a VM: <c>vm2:8080</c>.</summary>
/// <param name="Vm">The VM, by name.</param>
/// <param name="Port">The port that it listens on.</param>
[JsonConverter(typeof(TextJsonConverter<VmEndpoint>))]
public readonly record struct VmEndpoint(Name<Vm> Vm, Port Port) : IText<VmEndpoint>, IComparable<VmEndpoint>
{
    /// <inheritdoc/>
    public static string Expected => "a VM and its port, such as vm2:8080";

    /// <inheritdoc/>
    public static bool TryParse(string text, out VmEndpoint value)
    {
        value = default;
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !Name<Vm>.TryParse(text[..colon], out var vm) || !Port.TryParse(text[(colon + 1)..], out var port))
            return false;
        value = new VmEndpoint(vm, port);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(VmEndpoint other) => Vm.CompareTo(other.Vm) is var byVm and not 0 ? byVm : Port.CompareTo(other.Port);

    /// <inheritdoc/>
    public override string ToString() => $"{Vm}:{Port}";
}
