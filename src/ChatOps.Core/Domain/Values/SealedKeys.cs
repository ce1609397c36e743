using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ChatOps.Core.Domain.Values;

/// <summary>
/// A preshared key of WireGuard (32 bytes), sealed to the WireGuard key of one gateway, which alone can open it: <c>GATEWAYKEY:BOX</c>.
/// What a box consists of is in <c>bot/Peers/KeyBox.cs</c>.
/// </summary>
/// <param name="Gateway">The public key of the gateway that it is sealed to.</param>
/// <param name="Box">An ephemeral public key, the sealed key and a tag: 80 bytes in base64, 108 characters.</param>
[JsonConverter(typeof(TextJsonConverter<SealedKey>))]
public readonly record struct SealedKey(WireGuardKey Gateway, string Box) : IText<SealedKey>
{
    /// <summary>How many bytes a box has.</summary>
    public const int Length = 32 + 32 + 16;

    /// <inheritdoc/>
    public static string Expected => "a sealed preshared key (GATEWAYKEY:BOX)";

    /// <inheritdoc/>
    public static bool TryParse(string text, out SealedKey value)
    {
        value = default;
        var parts = text.Split(':');
        if (parts.Length != 2 || !WireGuardKey.TryParse(parts[0], out var gateway) || !IsBox(parts[1]))
            return false;
        value = new SealedKey(gateway, parts[1]);
        return true;
    }

    /// <summary>True for so many bytes in the one way in which they are written.</summary>
    public static bool IsBox(string text)
    {
        Span<byte> bytes = stackalloc byte[Length + 1];
        return text.Length == 108
            && Convert.TryFromBase64String(text, bytes, out var length)
            && length == Length
            && Convert.ToBase64String(bytes[..length]) == text;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Gateway}:{Box}";
}

/// <summary>
/// One preshared key, sealed to each of some gateways: <c>GATEWAYKEY:BOX,GATEWAYKEY:BOX</c>. Equal when their written forms are.
/// </summary>
[JsonConverter(typeof(TextJsonConverter<SealedKeys>))]
public readonly record struct SealedKeys : IText<SealedKeys>
{
    private readonly string? _text;

    /// <summary>Makes the list; throws <see cref="ArgumentException"/> for an empty one.</summary>
    public SealedKeys(IEnumerable<SealedKey> boxes)
    {
        _text = string.Join(',', boxes.DistinctBy(b => b.Gateway).OrderBy(b => b.Gateway.ToString(), StringComparer.Ordinal));
        ArgumentException.ThrowIfNullOrEmpty(_text, nameof(boxes));
    }

    /// <inheritdoc/>
    public static string Expected => $"{SealedKey.Expected} (several with commas between them)";

    /// <summary>The boxes, by gateway.</summary>
    [JsonIgnore]
    public ImmutableArray<SealedKey> All =>
        [.. (_text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Text.Parse<SealedKey>)];

    /// <summary>True when the gateway with this key can open one of them.</summary>
    public bool IsFor(WireGuardKey gateway) => All.Any(b => b.Gateway == gateway);

    /// <inheritdoc/>
    public static bool TryParse(string text, out SealedKeys value)
    {
        value = default;
        var boxes = new List<SealedKey>();
        foreach (var item in text.Split(','))
        {
            if (!SealedKey.TryParse(item, out var box))
                return false;
            boxes.Add(box);
        }

        value = new SealedKeys(boxes);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";
}
