using System.Security.Cryptography;
using ChatOps.Core.Domain.Values;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math.EC.Rfc7748;
using Cipher = Org.BouncyCastle.Crypto.Modes.ChaCha20Poly1305;

namespace ChatOps.Bot.Peers;

/// <summary>
/// Seals a preshared key to the WireGuard key of a gateway, so that it can lie in the log and travel. X25519 (RFC 7748) of a key that is
/// made for this box alone with the gateway's, HKDF-SHA256 (RFC 5869) of that with <see cref="Label"/> and both public keys as its info,
/// and with this key ChaCha20-Poly1305 (RFC 8439) under a nonce of zeros, since no key is used twice. The box: the public key that was
/// made, the sealed key, the tag. The gateway opens it by <c>src/ChatOps.Gateway/Receiving/KeyBox.cs</c>.
/// </summary>
internal static class KeyBox
{
    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagBits = 128;

    /// <summary>What such a key is for, so that it is for nothing else.</summary>
    public static ReadOnlySpan<byte> Label => "ChatOps WireGuard preshared key 1"u8;

    /// <summary>The key, sealed; null when nothing can be sealed to such a public key.</summary>
    /// <param name="preshared">32 bytes.</param>
    public static SealedKey? Seal(ReadOnlySpan<byte> preshared, WireGuardKey gateway)
    {
        var (once, theirs) = (RandomNumberGenerator.GetBytes(KeySize), Convert.FromBase64String(gateway.ToString()));
        var (made, shared) = (new byte[KeySize], new byte[KeySize]);
        X25519.ScalarMultBase(once, 0, made, 0);

        // Of some public keys everybody knows what comes out.
        if (!X25519.CalculateAgreement(once, 0, theirs, 0, shared, 0))
            return null;
        var key = KeyOf(shared, made, theirs);
        var cipher = new Cipher();
        cipher.Init(true, new AeadParameters(new KeyParameter(key), TagBits, new byte[NonceSize]));
        var box = new byte[SealedKey.Length];
        made.CopyTo(box, 0);
        var length = cipher.ProcessBytes(preshared, box.AsSpan(KeySize));
        cipher.DoFinal(box.AsSpan(KeySize + length));
        CryptographicOperations.ZeroMemory(once);
        CryptographicOperations.ZeroMemory(shared);
        CryptographicOperations.ZeroMemory(key);
        return new SealedKey(gateway, Convert.ToBase64String(box));
    }

    private static byte[] KeyOf(byte[] shared, byte[] made, byte[] theirs)
    {
        var derived = new HkdfBytesGenerator(new Sha256Digest());
        derived.Init(new HkdfParameters(shared, null, [.. Label, .. made, .. theirs]));
        var key = new byte[KeySize];
        derived.GenerateBytes(key, 0, key.Length);
        return key;
    }
}
