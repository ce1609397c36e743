using System.Globalization;
using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace ChatOps.Discord;

/// <summary>
/// Says whether a posted interaction is Discord's: an Ed25519 signature (RFC 8032) over the time, as it is written in its header, and the
/// body, byte for byte. A signature is good for a few minutes, so that what somebody has recorded cannot be played again later.
/// </summary>
/// <param name="key">The application's public key.</param>
/// <param name="oldest">How far the signed time may be from now, either way.</param>
public sealed class InteractionSignature(ApplicationKey key, TimeSpan oldest, TimeProvider clock)
{
    /// <summary>The usual age at most: 5 minutes.</summary>
    public static readonly TimeSpan UsualAge = TimeSpan.FromMinutes(5);

    private const int LongestTime = 15;

    /// <summary>True when the signature holds and is new.</summary>
    /// <param name="signature">The header <c>X-Signature-Ed25519</c>: 128 hex digits.</param>
    /// <param name="time">The header <c>X-Signature-Timestamp</c>: seconds since 1970.</param>
    /// <param name="body">The body as it came.</param>
    public bool Holds(string? signature, string? time, ReadOnlySpan<byte> body)
    {
        var bytes = new byte[Ed25519.SignatureSize];
        if (
            signature is null
            || Convert.FromHexString(signature, bytes, out var read, out var written) != System.Buffers.OperationStatus.Done
            || read != signature.Length
            || written != bytes.Length
        )
            return false;
        if (
            time is not { Length: > 0 and <= LongestTime }
            || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        )
            return false;
        return key.Verifies(bytes, [.. Encoding.ASCII.GetBytes(time), .. body])
            && Math.Abs(clock.GetUtcNow().ToUnixTimeSeconds() - seconds) <= oldest.TotalSeconds;
    }
}

/// <summary>The public key of an application, from the developer portal: 32 bytes, written as 64 hex digits.</summary>
public sealed record ApplicationKey
{
    private ApplicationKey(byte[] bytes) => Bytes = bytes;

    private byte[] Bytes { get; }

    /// <summary>Reads a key; null for what is none.</summary>
    public static ApplicationKey? Parse(string? text)
    {
        var bytes = new byte[Ed25519.PublicKeySize];
        var isHex =
            text?.Length == 2 * bytes.Length && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        return isHex && Ed25519.ValidatePublicKeyFull(bytes, 0) ? new(bytes) : null;
    }

    /// <summary>True when the owner of the key has signed the message.</summary>
    public bool Verifies(byte[] signature, byte[] message) =>
        signature.Length == Ed25519.SignatureSize && Ed25519.Verify(signature, 0, Bytes, 0, message, 0, message.Length);

    /// <inheritdoc/>
    public override string ToString() => Convert.ToHexStringLower(Bytes);
}
