using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using ChatOps.Bot.Configuration;
using ChatOps.Core.Gateways;
using ChatOps.Core.Values;
using ChatOps.Delivery.Ssh;

namespace ChatOps.Local;

/// <summary>What the lab says of itself in <c>lab.json</c>: its gateways and how to reach them.</summary>
/// <param name="Gateways">The gateways, as the log is to know them from the start.</param>
/// <param name="Ssh">How they are dialled, and the spare ones too, which somebody may add.</param>
internal sealed record LabFile(ImmutableArray<Gateway> Gateways, SshOptions Ssh)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Reads the file; throws <see cref="ConfigurationException"/>.</summary>
    public static LabFile Load(string path)
    {
        try
        {
            var json = JsonSerializer.Deserialize<FileJson>(File.ReadAllText(path), Options) ?? throw new JsonException("the file is empty");
            var gateways = json.Gateways.Select(g =>
                Gateway.WithDefaults(Text.Parse<Name<Gateway>>(g.Name), [.. g.Addresses.Select(Text.Parse<Address>)], Text.Parse<HostKey>(g.HostKey))
            );
            var all = json.Gateways.Concat(json.Spare ?? []);
            var dial = all.ToImmutableDictionary(g => Text.Parse<Name<Gateway>>(g.Name), EndPoint (g) => IPEndPoint.Parse(g.Ssh));
            return new([.. gateways], new SshOptions(json.Gateways[0].User, json.Gateways[0].Identity, dial));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            throw new ConfigurationException($"{path}: {e.Message}. Next: infra/lab/lab up", e);
        }
    }

    private sealed record FileJson(string Name, GatewayJson[] Gateways, GatewayJson[]? Spare);

    private sealed record GatewayJson(string Name, string[] Addresses, string Ssh, string User, string Identity, string HostKey);
}
