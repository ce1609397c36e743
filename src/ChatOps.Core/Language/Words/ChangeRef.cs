using System.Globalization;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Language.Words;

/// <summary>A change as people name it: <c>12</c>, <c>#12</c>, or <c>gw2#12</c> where several gateways have one.</summary>
/// <param name="Gateway">The gateway, or null for the only one.</param>
public readonly record struct ChangeRef(Name<Gateway>? Gateway, int Number) : IText<ChangeRef>
{
    /// <inheritdoc/>
    public static string Expected => "the number of a change, such as 12 or gw1#12";

    /// <inheritdoc/>
    public static bool TryParse(string text, out ChangeRef value)
    {
        value = default;
        var mark = text.IndexOf('#', StringComparison.Ordinal);
        Name<Gateway>? gateway = null;
        if (mark > 0)
        {
            if (!Name<Gateway>.TryParse(text[..mark], out var name))
                return false;
            gateway = name;
        }

        if (!int.TryParse(text[(mark + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            return false;
        value = new ChangeRef(gateway, number);
        return true;
    }

    /// <summary>As it is typed: <c>12</c>, <c>gw1#12</c>.</summary>
    public string Typed => Gateway is null ? Number.ToString(CultureInfo.InvariantCulture) : ToString();

    /// <inheritdoc/>
    public override string ToString() => $"{Gateway}#{Number}";
}
