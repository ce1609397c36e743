using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Core.Gateways;
using ChatOps.Core.Values;

namespace ChatOps.Core.Commands;

/// <summary>The kinds of arguments that the catalogue uses.</summary>
internal static class Kinds
{
    private const int MaxText = 300;

    public static readonly ArgumentKind Targets = ListOf<VmEndpoint>("VM:PORT[,VM:PORT...]");
    public static readonly ArgumentKind Port = Of<PublicPort>("PORT");
    public static readonly ArgumentKind Vm = Of<Name<Vm>>("VM");
    public static readonly ArgumentKind NewVm = Of<Name<Vm>>("NAME");
    public static readonly ArgumentKind Peer = Of<Name<Peer>>("NAME");
    public static readonly ArgumentKind Gateway = Of<Name<Gateway>>("GATEWAY");
    public static readonly ArgumentKind NewGateway = Of<Name<Gateway>>("NAME");
    public static readonly ArgumentKind Address = Of<Address>("ADDRESS");
    public static readonly ArgumentKind Addresses = ListOf<Address>("ADDRESS[,ADDRESS]");
    public static readonly ArgumentKind Key = Of<WireGuardKey>("PUBLICKEY");
    public static readonly ArgumentKind HostKey = Of<HostKey>("FINGERPRINT");
    public static readonly ArgumentKind Change = Of<ChangeRef>("N");
    public static readonly ArgumentKind PlanHash = new("HASH", "a plan's hash (64 hexadecimal digits)", t => IsHash(t) ? t : null);
    public static readonly ArgumentKind User = new("USER", "a person's name", t => t);
    public static readonly ArgumentKind Since = new("TIME", "a length of time, such as 30m, 2h, 7d", ReadDuration);

    public static readonly ArgumentKind Page = new(
        "N",
        "a page (1 or more)",
        t => int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page > 0 ? page : null
    );

    public static readonly ArgumentKind Why = new(
        "\"WHY\"",
        $"a reason of {MaxText} characters at most",
        t => t.Length is > 0 and <= MaxText ? t : null,
        TakesRest: true
    );

    public static readonly ArgumentKind VmOrPort = new(
        "VM|PORT",
        "the name of a VM or a port",
        t => PublicPort.TryParse(t, out var port) ? port : Name<Vm>.TryParse(t, out var vm) ? vm : null
    );

    private static ArgumentKind Of<T>(string placeholder)
        where T : IText<T> => new(placeholder, T.Expected, t => T.TryParse(t, out var value) ? value : null);

    private static ArgumentKind ListOf<T>(string placeholder)
        where T : IText<T> =>
        new(
            placeholder,
            $"{T.Expected} (several with commas between them)",
            text =>
            {
                var items = ImmutableArray.CreateBuilder<T>();
                foreach (var item in text.Split(','))
                {
                    if (!T.TryParse(item, out var value))
                        return null;
                    items.Add(value);
                }

                return items.ToImmutable();
            }
        );

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    private static object? ReadDuration(string text)
    {
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > 10000)
            return null;
        return text[^1] switch
        {
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            'd' => TimeSpan.FromDays(count),
            'w' => TimeSpan.FromDays(7 * count),
            _ => null,
        };
    }
}
