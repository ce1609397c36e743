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

    /// <summary>Reads a file that <see cref="Save"/> wrote.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static SigningKey Load(string path)
    {
        var text = File.ReadAllText(path).Trim();
        var parts = text.StartsWith(Start, StringComparison.Ordinal) ? text[Start.Length..].Split('+', 2) : [];
        var seed = new byte[64];
        return parts.Length == 2 && Convert.TryFromBase64String(parts[1], seed, out var length) && length == 32
            ? new SigningKey(parts[0], seed.AsSpan(0, 32))
            : throw new FormatException($"{path}: expected a key for signing checkpoints, {Start}NAME+BASE64. Next: restore it from a copy");
    }

    /// <summary>Writes it to a file that only its owner reads; one that is there is replaced.</summary>
    public void Save(string path)
    {
        var made = path + ".new";
        File.Delete(made);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using (var file = new FileStream(made, options))
        {
            file.Write(Encoding.UTF8.GetBytes($"{Start}{Public.Name}+{Convert.ToBase64String(_private.GetEncoded())}\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(made, path, overwrite: true);
    }

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
