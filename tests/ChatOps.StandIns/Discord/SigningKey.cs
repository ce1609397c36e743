using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace ChatOps.StandIns.Discord;

/// <summary>Signs what is posted, as Discord does: Ed25519 over the time and the body.</summary>
internal sealed class SigningKey
{
    private readonly byte[] _secret;
    private readonly byte[] _public = new byte[Ed25519.PublicKeySize];

    private SigningKey(byte[] secret)
    {
        _secret = secret;
        Ed25519.GeneratePublicKey(secret, 0, _public, 0);
    }

    /// <summary>The same in every run; it signs nothing but tests.</summary>
    public static SigningKey OfStandIn() => new([.. Enumerable.Range(1, Ed25519.SecretKeySize).Select(i => (byte)i)]);

    public string PublicKey => Convert.ToHexStringLower(_public);

    public string Sign(string time, byte[] body)
    {
        byte[] message = [.. Encoding.ASCII.GetBytes(time), .. body];
        var signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(_secret, 0, message, 0, message.Length, signature, 0);
        return Convert.ToHexStringLower(signature);
    }
}
