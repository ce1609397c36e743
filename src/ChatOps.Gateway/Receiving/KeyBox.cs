using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math.EC.Rfc7748;

namespace ChatOps.Gateway.Receiving;

/// <summary>
/// Opens a preshared key that was sealed to this gateway's WireGuard key. What a box consists of is said where it is made, in
/// <c>bot/Peers/KeyBox.cs</c>.
/// </summary>
internal static class KeyBox
{
    public const int Length = KeySize + KeySize + 16;

    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagBits = 128;

    /// <summary>The key in it, 32 bytes; null when it was sealed to another one, or is not what was sealed.</summary>
    public static byte[]? Open(ReadOnlySpan<byte> box, ReadOnlySpan<byte> secret)
    {
        if (box.Length != Length || secret.Length != KeySize)
            return null;
        var (made, own, mine, shared) = (box[..KeySize].ToArray(), secret.ToArray(), KeyOf(secret), new byte[KeySize]);
        if (!X25519.CalculateAgreement(own, 0, made, 0, shared, 0))
            return null;
        var derived = new HkdfBytesGenerator(new Sha256Digest());
        derived.Init(new HkdfParameters(shared, null, [.. "ChatOps WireGuard preshared key 1"u8, .. made, .. mine]));
        var key = new byte[KeySize];
        derived.GenerateBytes(key, 0, key.Length);
        var cipher = new ChaCha20Poly1305();
        cipher.Init(false, new AeadParameters(new KeyParameter(key), TagBits, new byte[NonceSize]));
        var opened = new byte[KeySize];
        try
        {
            var length = cipher.ProcessBytes(box[KeySize..], opened);
            cipher.DoFinal(opened.AsSpan(length));
            return opened;
        }
        catch (InvalidCipherTextException)
        {
            return null;
        }
    }

    /// <summary>The public key of a private one, in base64 as <c>wg pubkey</c> prints it.</summary>
    public static string PublicOf(ReadOnlySpan<byte> secret) => Convert.ToBase64String(KeyOf(secret));

    private static byte[] KeyOf(ReadOnlySpan<byte> secret)
    {
        var key = new byte[KeySize];
        X25519.ScalarMultBase(secret.ToArray(), 0, key, 0);
        return key;
    }
}
