using System.Buffers;
using System.Globalization;
using static ChatOps.Gateway.Checking.Forms;

namespace ChatOps.Gateway.Checking;

/// <summary>A value in a statement, as it was understood: an address, a number (a port, a prefix length), a word; whatever its kind has of
/// these.</summary>
internal readonly record struct Value(Ip Address, int Number, string Word)
{
    /// <summary>The address with the length behind it, where it was written.</summary>
    public string Network => Word.Length == 0 ? $"{Address}" : string.Create(CultureInfo.InvariantCulture, $"{Address}/{Number}");

    /// <summary>The address and the number behind it, as one writes a socket.</summary>
    public (Ip Address, int Port) Socket => (Address, Number);
}

/// <summary>
/// What may stand in a hole of a <see cref="Pattern"/>: only so many characters, and of these only what is understood as a value that is
/// written back as the same text. So nothing of an accepted value is unexplained.
/// </summary>
internal sealed class Kind
{
    private const string Digits = "0123456789";
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Address4 = Digits + ".";
    private const string Address6 = Digits + "abcdef.:";

    private static readonly Dictionary<string, Kind> All = new(StringComparer.Ordinal)
    {
        ["protocol"] = Choice("PROTO", "tcp", "udp"),
        ["verdict"] = Choice("accept or drop", "accept", "drop"),
        ["switch"] = Choice("on or off", "on", "off"),
        ["yes"] = Choice("yes or no", "yes", "no"),
        ["unit"] = Choice("second, minute or hour", "second", "minute", "hour"),
        ["level"] = Choice("user or operator", "user", "operator"),
        ["port"] = Number("PORT", 1, 65535),
        ["number"] = Number("NUMBER", 0, 999_999_999),
        ["fewer"] = Number("0, 1 or 2", 0, 2),
        ["time"] = Word("TIME", Digits + "smhd", 10, static t => char.IsAsciiLetterLower(t[^1]) && IsNumber(t[..^1])),
        ["size"] = Word("SIZE", Digits + "km", 10, static t => char.IsAsciiLetterLower(t[^1]) && IsNumber(t[..^1])),
        ["name"] = Word("NAME", Lower + Upper + Digits + "._-", 900, static t => char.IsAsciiLetterOrDigit(t[0])),
        ["header"] = Word("HEADER", Lower + Upper + Digits + "-", 63, static t => char.IsAsciiLetter(t[0])),
        ["list"] = Word("NAME:NAME", Upper + Digits + ":-", 600, static t => true),
        ["host"] = Word("HOST", Lower + Digits + ".*-", 255, IsHost),
        ["site"] = Word("HOST", Lower + Digits + ".*-", 255, static t => t.Contains('.') && IsHost(t)),
        ["sock"] = Word("tls-NAME.sock", Lower + Upper + Digits + "._-", 80, static t =>
            t.EndsWith(".sock") && (t is "http.sock" || (t.StartsWith("tls-") && t.Length > 9))
        ),
        ["path"] = Word("PATH", Lower + Upper + Digits + "/_.~-", 255, static t => t[0] == '/'),
        ["ended"] = Word("web-NAME.con[f]", Lower + Upper + Digits + "._-[]", 255, static t => IsEndedFile(t, "web-")),
        ["shut"] = Word("tls-NAME.con[f]", Lower + Upper + Digits + "._-[]", 255, static t => IsEndedFile(t, "tls-")),
        ["ending"] = Word("web-NAME or tls-NAME", Lower + Upper + Digits + "._-", 200, static t =>
            (t.StartsWith("web-") || t.StartsWith("tls-")) && t.Length > 4
        ),
        ["moment"] = Word("END", Digits + "+", 12, IsMoment),
        ["certificate"] = Word("NAME", Lower + Digits + "-", 63, static t => t[0] != '-' && t[^1] != '-'),
        ["database"] = Word("NAME", Lower + Digits + "_*-", 63, IsDatabase),
        ["parameters"] = Word("PARAMETER,PARAMETER", Lower + Digits + "_.,", 1300, IsParameters),
        ["key"] = Word("KEY", Lower + Upper + Digits + "+/=", 44, IsKey),
        ["box"] = Word("BOX", Lower + Upper + Digits + "+/=", 108, IsBox),
        ["interface"] = Word("INTERFACE", Lower + Upper + Digits + "._-", 15, IsInterface),
        ["ip4"] = Of("IPV4-ADDRESS", Address4, IsFamily4),
        ["ip6"] = Of("IPV6-ADDRESS", Address6, IsFamily6),
        ["ip"] = Of("ADDRESS", Address6, static (_, _) => null),
        ["held"] = Of("ADDRESS", Address6, Held),
        ["public"] = Of("ADDRESS", Address6, Public),
        ["target"] = Of("ADDRESS", Address6, static (a, m) => m.WhyNot(a)),
        ["host4"] = Of("IPV4-ADDRESS", Address4, static (a, m) => IsFamily4(a, m) ?? m.WhyNot(a)),
        ["host6"] = Of("IPV6-ADDRESS", Address6, static (a, m) => IsFamily6(a, m) ?? m.WhyNot(a)),
        ["bracketed"] = Bracketed(),
        ["socket"] = Socket("ADDRESS:PORT", Held),
        ["backend"] = Socket("ADDRESS:PORT of another machine", static (a, m) => m.WhyNot(a)),
        ["net4"] = Network("IPV4-NETWORK", Address4 + "/", 4),
        ["net6"] = Network("IPV6-NETWORK", Address6 + "/", 6),
        ["net"] = Network("NETWORK", Address6 + "/", 0),
        ["behind"] = Behind(),
        ["place"] = Place(),
        ["pool4"] = Pool(Address4 + "-:", 4),
        ["pool6"] = Pool(Address6 + "[]-", 6),
        ["addresses"] = AddressList(),
    };

    private readonly SearchValues<char> _characters;
    private readonly Reader _read;
    private readonly Func<Value, string> _print;

    private Kind(string shown, string characters, Reader read, Func<Value, string> print)
    {
        Shown = shown;
        _characters = SearchValues.Create(characters);
        _read = read;
        _print = print;
    }

    // What it is, or null with a reason where there is one to tell.
    private delegate Value? Reader(ReadOnlySpan<char> text, Machine machine, ref string? why);

    private delegate bool Test(ReadOnlySpan<char> text);

    public string Shown { get; }

    /// <summary>The kind of that name; throws <see cref="KeyNotFoundException"/> when there is none.</summary>
    public static Kind Named(string name) => All[name];

    /// <summary>How many characters at the beginning of a text can belong to it.</summary>
    public int LengthIn(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(_characters) is var end and >= 0 ? end : text.Length;

    /// <summary>What the text says; null when it is none of this kind, and then a reason where there is one to tell.</summary>
    public Value? Read(ReadOnlySpan<char> text, Machine machine, ref string? why) => text.IsEmpty ? null : _read(text, machine, ref why);

    public string Print(Value value) => _print(value);

    private static Kind Choice(string shown, params string[] choices) =>
        new(
            shown,
            Lower,
            (text, _, ref _) =>
            {
                foreach (var choice in choices)
                {
                    if (text.SequenceEqual(choice))
                        return new Value(default, 0, choice);
                }

                return null;
            },
            value => value.Word
        );

    private static Kind Number(string shown, int least, int most) =>
        new(
            shown,
            Digits,
            (text, _, ref _) =>
                Addresses.TryReadNumber(text, most, out var number) && number >= least ? new Value(default, number, "") : null,
            value => value.Number.ToString(CultureInfo.InvariantCulture)
        );

    private static Kind Word(string shown, string characters, int longest, Test test) =>
        new(
            shown,
            characters,
            (text, _, ref _) => text.Length <= longest && test(text) ? new Value(default, 0, text.ToString()) : null,
            value => value.Word
        );

    private static Kind Of(string shown, string characters, Func<Ip, Machine, string?> complaint) =>
        new(
            shown,
            characters,
            (text, machine, ref why) =>
                Ip.TryRead(text, out var address) && (why = complaint(address, machine)) is null ? new Value(address, 0, "") : null,
            value => $"{value.Address}"
        );

    private static Kind Bracketed() =>
        new(
            "ADDRESS",
            Address6 + "[]",
            (text, _, ref _) => TryReadHost(text, out var address) ? new Value(address, 0, "") : null,
            value => HostOf(value.Address)
        );

    private static Kind Socket(string shown, Func<Ip, Machine, string?> complaint) =>
        new(
            shown,
            Address6 + "[]",
            (text, machine, ref why) =>
                text.LastIndexOf(':') is var colon and > 0
                && TryReadHost(text[..colon], out var address)
                && Addresses.TryReadPort(text[(colon + 1)..], out var port)
                && (why = complaint(address, machine)) is null
                    ? new Value(address, port, "")
                    : null,
            value => string.Create(CultureInfo.InvariantCulture, $"{HostOf(value.Address)}:{value.Number}")
        );

    private static Kind Network(string shown, string characters, int family) =>
        new(
            shown,
            characters,
            (text, _, ref _) =>
                Addresses.TryReadNetwork(text, out var address, out var bits) && (family == 0 || address.Family == family)
                    // A length that says nothing is left out in some places and not in others.
                    ? new Value(address, bits, text.Contains('/') ? "/" : "")
                    : null,
            value => value.Network
        );

    // Another machine, or a network that is reached through it.
    private static Kind Behind() =>
        new(
            "NETWORK",
            Address6 + "/",
            (text, machine, ref why) =>
                Addresses.TryReadNetwork(text, out var address, out var bits)
                && text.Contains('/')
                && (why = bits == address.Width ? machine.WhyNot(address) : machine.WhyNotBehind(address, bits)) is null
                    ? new Value(address, bits, "/")
                    : null,
            value => value.Network
        );

    // A machine's own address in its network: 10.1.0.1/16.
    private static Kind Place() =>
        new(
            "ADDRESS/BITS",
            Address6 + "/",
            (text, _, ref _) =>
                text.IndexOf('/') is var slash and > 0
                && Ip.TryRead(text[..slash], out var address)
                && Addresses.TryReadNumber(text[(slash + 1)..], address.Width, out var bits)
                && bits > 0
                    ? new Value(address, bits, "")
                    : null,
            value => string.Create(CultureInfo.InvariantCulture, $"{value.Address}/{value.Number}")
        );

    // FIRST or FIRST-LAST, for IPv4 as they are, for IPv6 in brackets; then, perhaps, :PORT or :FIRST-LAST.
    private static Kind Pool(string characters, int family) => Word("ADDRESSES", characters, 200, text => IsPool(text, family));

    private static Kind AddressList() =>
        new(
            "ADDRESS,ADDRESS",
            Address6 + ",",
            (text, _, ref _) =>
            {
                foreach (var part in text.Split(','))
                {
                    if (!Ip.TryRead(text[part], out _))
                        return null;
                }

                return new Value(default, 0, text.ToString());
            },
            value => value.Word
        );

    private static bool IsNumber(ReadOnlySpan<char> text) => Addresses.TryReadNumber(text, int.MaxValue, out _);

    private static bool IsPool(ReadOnlySpan<char> text, int family)
    {
        // The ports are behind the last colon; in IPv6 behind the last bracket.
        var end =
            family == 4 ? text.IndexOf(':')
            : text.LastIndexOf(']') + 1 is var after && after == text.Length ? -1
            : after;
        if (end >= 0 && (text[end] != ':' || !IsRange(text[(end + 1)..], static t => Addresses.TryReadPort(t, out _))))
            return false;
        var addresses = end < 0 ? text : text[..end];
        return family == 4
            ? IsRange(addresses, static t => Ip.TryRead(t, out var address) && address.Family == 4)
            : IsRange(addresses, static t => TryReadHost(t, out var address) && address.Family == 6);
    }

    private static bool IsRange(ReadOnlySpan<char> text, Test isEnd) =>
        text.IndexOf('-') is var dash and >= 0 ? isEnd(text[..dash]) && isEnd(text[(dash + 1)..]) : isEnd(text);

    // IPv6 in brackets.
    private static bool TryReadHost(ReadOnlySpan<char> text, out Ip address)
    {
        var isBracketed = text.Length > 2 && text[0] == '[' && text[^1] == ']';
        return Ip.TryRead(isBracketed ? text[1..^1] : text, out address) && address.Family == (isBracketed ? 6 : 4);
    }

    private static string HostOf(Ip address) => address.Family == 6 ? $"[{address}]" : $"{address}";

    private static string? IsFamily4(Ip address, Machine machine) => address.Family == 4 ? null : $"{address} is not IPv4";

    private static string? IsFamily6(Ip address, Machine machine) => address.Family == 6 ? null : $"{address} is not IPv6";

    // An address that a daemon may listen on: it is this machine's, or will be; but not what only this machine itself reaches.
    private static string? Held(Ip address, Machine machine) =>
        Machine.WhyNobodys(address) is { } why ? $"{why}; listen on an address that others reach" : null;

    // An address that the internet knows, which may be private where the provider translates.
    private static string? Public(Ip address, Machine machine) =>
        (Machine.WhyNobodys(address) ?? (address.IsIn(Mycelium, 7) ? $"{address} is an address of the overlay" : null)) is { } why
            ? $"{why}; give a public address"
            : null;

    private static readonly Ip Mycelium = Ip.Parse("400::");
}
