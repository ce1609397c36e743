using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Decisions.Policy;

/// <summary>
/// What someone may not see is taken out of the text that they get, whatever it is: an answer, a plan, a file's diff, an export, a record.
/// That is the one place; nothing that leads there has to know who asks. Hidden are WireGuard keys, sealed ones too, and all addresses in
/// the WireGuard networks.
/// </summary>
public sealed partial class Redaction
{
    private const string Instead = "(hidden)";

    private readonly ImmutableArray<InterfaceAddress> _networks;
    private readonly bool _hides;

    private Redaction(bool hides, IEnumerable<InterfaceAddress> networks) => (_hides, _networks) = (hides, [.. networks.Distinct()]);

    /// <summary>A redaction that hides nothing.</summary>
    public static Redaction None { get; } = new(false, []);

    /// <summary>What is hidden from someone.</summary>
    public static Redaction For(Speaker speaker, ChangePolicy policy, IEnumerable<GatewayState> states) =>
        policy.ShowsPeersTo(speaker) ? None : Of([.. states]);

    /// <summary>What is hidden from whoever may not see it.</summary>
    public static Redaction Of(params IReadOnlyCollection<GatewayState> states) =>
        new(
            true,
            states.SelectMany(s => s.Running.Gateway is { } gateway ? s.Revisions.Networks.Concat(gateway.Networks) : s.Revisions.Networks)
        );

    /// <summary>True when it hides anything.</summary>
    public bool Hides => _hides;

    /// <summary>The text without what is hidden.</summary>
    public string Hide(string text) =>
        _hides
            ? Addresses()
                .Replace(Keys().Replace(text, m => IsKey(m.Value) ? Instead : m.Value), m => IsPeerAddress(m.Value) ? Instead : m.Value)
            : text;

    /// <summary>What of a text is hidden, in its written form.</summary>
    public IEnumerable<string> HiddenIn(string text) =>
        _hides
            ? Keys()
                .Matches(text)
                .Select(m => m.Value)
                .Where(IsKey)
                .Concat(Addresses().Matches(text).Select(m => m.Value).Where(IsPeerAddress).Select(Canonical))
            : [];

    private static bool IsKey(string text) => WireGuardKey.TryParse(text, out _) || SealedKey.IsBox(text);

    private static string Canonical(string address) => Text.Parse<Address>(address).ToString();

    private bool IsPeerAddress(string text) => Address.TryParse(text, out var address) && _networks.Any(n => n.Contains(address));

    // 32 bytes in base64, wherever they stand: "+" before them may be a diff's. And the box of a sealed key.
    [GeneratedRegex("[A-Za-z0-9+/]{107}=|[A-Za-z0-9+/]{43}=")]
    private static partial Regex Keys();

    [GeneratedRegex(@"(?<![\d.])\d{1,3}(\.\d{1,3}){3}(?!\.?\d)|(?<![\w:])[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4}){2,7}(?![\w:])")]
    private static partial Regex Addresses();
}
