using System.Buffers.Binary;
using System.Collections.Immutable;

namespace ChatOps.Proof.Notes;

/// <summary>One signature under a note.</summary>
/// <param name="Name">The name of the key.</param>
/// <param name="Base64">The id of the key, four bytes, and the signature.</param>
public sealed record NoteSignature(string Name, string Base64)
{
    /// <summary>The line of the signature in a signed note (c2sp.org/signed-note), with its line break.</summary>
    public override string ToString() => $"\u2014 {Name} {Base64}\n";
}

/// <summary>A text with signatures, in the form of c2sp.org/signed-note: the text, an empty line, a line a signature.</summary>
/// <param name="Text">The text, with the line break at its end.</param>
public sealed record SignedNote(string Text, ImmutableArray<NoteSignature> Signatures)
{
    private const string Dash = "\u2014 ";

    /// <summary>A text signed by keys.</summary>
    public static SignedNote Of(string text, params ReadOnlySpan<SigningKey> keys)
    {
        var signatures = ImmutableArray.CreateBuilder<NoteSignature>(keys.Length);
        foreach (var key in keys)
            signatures.Add(key.Sign(text));
        return new SignedNote(text, signatures.MoveToImmutable());
    }

    /// <summary>
    /// Reads notes that stand one after another, with or without empty lines between them. None of ours has an empty line in its text. What
    /// is not a note ends in one without signatures.
    /// </summary>
    public static IEnumerable<SignedNote> ReadAll(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var at = 0; at < lines.Length; )
        {
            while (at < lines.Length && lines[at].Length == 0)
                at++;
            var start = at;
            while (at < lines.Length && lines[at].Length > 0)
                at++;
            if (start == at)
                yield break;
            var body = string.Concat(lines[start..at].Select(l => l + "\n"));
            at++;
            var signatures = ImmutableArray.CreateBuilder<NoteSignature>();
            for (; at < lines.Length && lines[at].StartsWith(Dash, StringComparison.Ordinal); at++)
            {
                if (lines[at][Dash.Length..].Split(' ') is [var name, var content])
                    signatures.Add(new NoteSignature(name, content));
            }

            yield return new SignedNote(body, signatures.ToImmutable());
        }
    }

    /// <summary>True when the key has signed it.</summary>
    public bool IsSignedBy(NoteKey key)
    {
        foreach (var signature in Signatures.Where(s => s.Name == key.Name))
        {
            var content = new byte[signature.Base64.Length];
            if (!Convert.TryFromBase64String(signature.Base64, content, out var length) || length <= sizeof(uint))
                continue;
            if (
                BinaryPrimitives.ReadUInt32BigEndian(content) == key.Id
                && key.HasSigned(Text, content.AsSpan(sizeof(uint), length - sizeof(uint)))
            )
                return true;
        }

        return false;
    }

    /// <summary>The note as it is written.</summary>
    public override string ToString() => $"{Text}\n{string.Concat(Signatures)}";
}
