using System.Security.Cryptography;
using ChatOps.Core.Domain.Values;
using Org.BouncyCastle.Math.EC.Rfc7748;

namespace ChatOps.Bot.Peers;

/// <summary>A WireGuard key pair (X25519, RFC 7748), as <c>wg genkey</c> and <c>wg pubkey</c> make it.</summary>
internal sealed class KeyPair
{
    private KeyPair(string secret, WireGuardKey key) => (Private, Public) = (secret, key);

    /// <summary>The private key in base64.</summary>
    public string Private { get; }

    public WireGuardKey Public { get; }

    public static KeyPair Make()
    {
        var secret = new byte[X25519.ScalarSize];
        var point = new byte[X25519.PointSize];
        RandomNumberGenerator.Fill(secret);

        // Clamped here already, so that every tool shows the same key.
        secret[0] &= 0b1111_1000;
        secret[^1] = (byte)((secret[^1] & 0b0111_1111) | 0b0100_0000);
        X25519.ScalarMultBase(secret, 0, point, 0);
        var pair = new KeyPair(Convert.ToBase64String(secret), Text.Parse<WireGuardKey>(Convert.ToBase64String(point)));
        CryptographicOperations.ZeroMemory(secret);
        return pair;
    }
}
