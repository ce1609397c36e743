using System.Security.Cryptography;
using ChatOps.Proof.Notes;

namespace ChatOps.Proof.Keeping;

/// <summary>
/// The key that signs now, in a file, and its public predecessors. The next one lies beside it from before it is announced until it is in force, so that a crash in
/// between loses neither.
/// </summary>
internal sealed class KeyRing
{
    private readonly ProofFiles _files;

    private KeyRing(ProofFiles files, SigningKey current) => (_files, Current) = (files, current);

    /// <summary>The key that signs now.</summary>
    public SigningKey Current { get; private set; }

    /// <summary>The key that is to be next; null unless a change was begun.</summary>
    public SigningKey? Next => File.Exists(NextPath) ? SigningKey.Load(NextPath) : null;

    /// <summary>The first key: what whoever checks is to trust.</summary>
    public NoteKey First =>
        File.ReadLines(_files.PublicKeys).FirstOrDefault() is { } line && NoteKey.TryParse(line, out var key)
            ? key
            : throw new FormatException($"{_files.PublicKeys}: expected the public keys of this log, the first one first. Next: restore it from a copy");

    private string NextPath => _files.Key + ".next";

    /// <summary>Reads the key, or makes one for a log that has none yet, with a name that no other log has.</summary>
    public static KeyRing Open(ProofFiles files)
    {
        if (File.Exists(files.Key))
        {
            var current = SigningKey.Load(files.Key);
            if (!File.Exists(files.PublicKeys))
                File.WriteAllText(files.PublicKeys, $"{current.Public}\n");
            return new KeyRing(files, current);
        }

        var made = SigningKey.Make($"chatops/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");
        File.WriteAllText(files.PublicKeys, $"{made.Public}\n");
        made.Save(files.Key);
        return new KeyRing(files, made);
    }

    /// <summary>Makes the next key.</summary>
    public SigningKey MakeNext()
    {
        var next = SigningKey.Make(Current.Public.Name);
        next.Save(NextPath);
        return next;
    }

    /// <summary>Forgets the next key: it was never announced.</summary>
    public void DropNext() => File.Delete(NextPath);

    /// <summary>Puts the next key in force; the former one is gone.</summary>
    public void TakeNext()
    {
        Current = Next ?? throw new InvalidOperationException("there is no next key");
        if (!File.ReadLines(_files.PublicKeys).Contains(Current.Public.ToString()))
            File.AppendAllText(_files.PublicKeys, $"{Current.Public}\n");
        File.Move(NextPath, _files.Key, overwrite: true);
    }
}
