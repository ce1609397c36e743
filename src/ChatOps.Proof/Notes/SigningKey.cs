using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace ChatOps.Proof.Notes;

/// <summary>A private key that signs notes. Not a record, so that nothing prints it by accident.</summary>
public sealed class SigningKey
{
    private const string Start = "PRIVATE+KEY+";

    private readonly Ed25519PrivateKeyParameters _private;

    /// <summary>The key that follows from 32 bytes.</summary>
    public SigningKey(string name, ReadOnlySpan<byte> seed)
    {
        _private = new Ed25519PrivateKeyParameters(seed);
        Public = NoteKey.Of(name, _private.GeneratePublicKey().GetEncoded());
    }

    /// <summary>Its public half.</summary>
    public NoteKey Public { get; }

    /// <summary>A new one.</summary>
    public static SigningKey Make(string name) => new(name, RandomNumberGenerator.GetBytes(32));

    /// <summary>Reads what <see cref="Secret"/> says.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static SigningKey Parse(string text)
    {
        text = text.Trim();
        var parts = text.StartsWith(Start, StringComparison.Ordinal) ? text[Start.Length..].Split('+', 2) : [];
        var seed = new byte[64];
        return parts.Length == 2 && Convert.TryFromBase64String(parts[1], seed, out var length) && length == 32
            ? new SigningKey(parts[0], seed.AsSpan(0, 32))
            : throw new FormatException(
                $"the log's key: expected a key for signing checkpoints, {Start}NAME+BASE64. Next: restore it from a copy"
            );
    }

    /// <summary>The whole key as a line, for the place where it is kept and no other.</summary>
    public string Secret => $"{Start}{Public.Name}+{Convert.ToBase64String(_private.GetEncoded())}\n";

    /// <summary>The signature over a text.</summary>
    public NoteSignature Sign(string text)
    {
        var signer = new Ed25519Signer();
        signer.Init(true, _private);
        signer.BlockUpdate(Encoding.UTF8.GetBytes(text));
        var content = new byte[sizeof(uint) + Ed25519PrivateKeyParameters.SignatureSize];
        BinaryPrimitives.WriteUInt32BigEndian(content, Public.Id);
        signer.GenerateSignature().CopyTo(content, sizeof(uint));
        return new NoteSignature(Public.Name, Convert.ToBase64String(content));
    }

    /// <summary>Its public half.</summary>
    public override string ToString() => Public.ToString();
}
