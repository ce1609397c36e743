using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace ChatOps.Verify;

/// <summary>A public Ed25519 key: <c>NAME+ID+BASE64</c>.</summary>
internal sealed record Key(string Text, string Name)
{
    private const byte Ed25519 = 1;

    private byte[] Encoded => Convert.FromBase64String(Text[(Text.IndexOf('+', Name.Length + 1) + 1)..]);

    private byte[] Id => SHA256.HashData([.. Encoding.UTF8.GetBytes(Name), (byte)'\n', .. Encoded])[..4];

    /// <summary>Reads one; null for anything else.</summary>
    public static Key? Read(string text)
    {
        text = text.Trim();
        if (text.Split('+', 3) is not [{ Length: > 0 } name, var id, var encoded])
            return null;
        Span<byte> bytes = stackalloc byte[33];
        if (
            encoded.Length != 44
            || !Convert.TryFromBase64String(encoded, bytes, out var length)
            || length != bytes.Length
            || bytes[0] != Ed25519
        )
            return null;
        var key = new Key(text, name);
        return Convert.ToHexStringLower(key.Id) == id && IsPoint(bytes[1..]) ? key : null;
    }

    private static bool IsPoint(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _ = new Ed25519PublicKeyParameters(bytes);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>True when the note has a signature of this key, and it is right.</summary>
    public bool HasSigned(Note note)
    {
        foreach (var (name, signature) in note.Signatures)
        {
            if (name != Name || signature.Length != 68 || !signature.AsSpan(0, 4).SequenceEqual(Id))
                continue;
            var verifier = new Ed25519Signer();
            verifier.Init(false, new Ed25519PublicKeyParameters(Encoded.AsSpan(1)));
            verifier.BlockUpdate(Encoding.UTF8.GetBytes(note.Text));
            if (verifier.VerifySignature(signature[4..]))
                return true;
        }

        return false;
    }
}
