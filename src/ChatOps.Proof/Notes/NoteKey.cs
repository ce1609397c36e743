using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace ChatOps.Proof.Notes;

/// <summary>
/// A public Ed25519 key that signs notes. Its written form is <c>NAME+ID+BASE64</c>, where the last is the byte 1 and the 32 bytes of the
/// key, and the id is the first four bytes (hex) of SHA-256 over name, line break and that.
/// </summary>
/// <param name="Name">The name: the origin of the log.</param>
/// <param name="Base64">The byte 1 and the key.</param>
public sealed record NoteKey(string Name, string Base64)
{
    private const byte Ed25519 = 1;

    private readonly byte[] _public = Convert.FromBase64String(Base64)[1..];

    /// <summary>The number that stands before each of its signatures.</summary>
    public uint Id { get; } = IdOf(Name, Convert.FromBase64String(Base64));

    /// <summary>The key with 32 bytes.</summary>
    public static NoteKey Of(string name, ReadOnlySpan<byte> key) => new(name, Convert.ToBase64String([Ed25519, .. key]));

    /// <summary>Reads the written form.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out NoteKey? key)
    {
        key = null;
        var parts = text.Trim().Split('+', 3);
        if (parts.Length != 3 || parts[0].Length == 0 || parts[0].Any(char.IsWhiteSpace))
            return false;
        var bytes = new byte[parts[2].Length];
        if (!Convert.TryFromBase64String(parts[2], bytes, out var length) || length != 33 || bytes[0] != Ed25519)
            return false;
        var read = new NoteKey(parts[0], parts[2]);
        if (parts[1] != read.IdText || !IsPoint(bytes.AsSpan(1, length - 1)))
            return false;
        key = read;
        return true;
    }

    /// <summary>True when this key has signed the text.</summary>
    public bool HasSigned(string text, ReadOnlySpan<byte> signature)
    {
        var verifier = new Ed25519Signer();
        verifier.Init(false, new Ed25519PublicKeyParameters(_public));
        verifier.BlockUpdate(Encoding.UTF8.GetBytes(text));
        return verifier.VerifySignature(signature.ToArray());
    }

    /// <inheritdoc/>
    public bool Equals(NoteKey? other) => other is not null && Name == other.Name && Base64 == other.Base64;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Base64);

    /// <summary>The written form.</summary>
    public override string ToString() => $"{Name}+{IdText}+{Base64}";

    private static bool IsPoint(ReadOnlySpan<byte> key)
    {
        try
        {
            _ = new Ed25519PublicKeyParameters(key);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private string IdText => Id.ToString("x8", CultureInfo.InvariantCulture);

    private static uint IdOf(string name, byte[] key) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', .. key]));
}
