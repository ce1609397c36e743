using System.Text.Json.Serialization;

namespace ChatOps.Core.Domain.Values;

/// <summary>A WireGuard public key: 32 bytes (X25519), written in base64 with padding, 44 characters.</summary>
[JsonConverter(typeof(TextJsonConverter<WireGuardKey>))]
public readonly record struct WireGuardKey : IText<WireGuardKey>
{
    private readonly string? _text;

    private WireGuardKey(string text) => _text = text;

    /// <inheritdoc/>
    public static string Expected => "a WireGuard public key (44 characters of base64, from wg pubkey)";

    /// <inheritdoc/>
    public static bool TryParse(string text, out WireGuardKey value)
    {
        Span<byte> bytes = stackalloc byte[33];
        var ok =
            text.Length == 44
            && Convert.TryFromBase64String(text, bytes, out var length)
            && length == 32
            && Convert.ToBase64String(bytes[..32]) == text
            && bytes[..32].ContainsAnyExcept((byte)0);
        value = ok ? new WireGuardKey(text) : default;
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";
}

/// <summary>The fingerprint of an SSH host key as OpenSSH prints it: <c>SHA256:</c> and 43 characters of unpadded base64.</summary>
[JsonConverter(typeof(TextJsonConverter<HostKey>))]
public readonly record struct HostKey : IText<HostKey>
{
    private readonly string? _text;

    private HostKey(string text) => _text = text;

    /// <inheritdoc/>
    public static string Expected => "an SSH host key fingerprint (SHA256:..., from ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub)";

    /// <inheritdoc/>
    public static bool TryParse(string text, out HostKey value)
    {
        Span<byte> bytes = stackalloc byte[33];
        var ok =
            text.StartsWith("SHA256:", StringComparison.Ordinal)
            && text.Length == 50
            && Convert.TryFromBase64String(text[7..] + "=", bytes, out var length)
            && length == 32;
        value = ok ? new HostKey(text) : default;
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";
}
