using ChatOps.Core.Application.Ports;
using ChatOps.Proof.Notes;

namespace ChatOps.Proof.Keeping;

/// <summary>Whether the keys that lie beside a log are the ones that sign it.</summary>
public static class KeyCheck
{
    /// <summary>
    /// What is missing or wrong, as a sentence about a file's ending; null when all is well, and for a log that was never signed.
    /// </summary>
    /// <param name="notes">What was signed, as far as it is known.</param>
    /// <param name="wasSigned">True when the log must have had a key.</param>
    public static async Task<string?> FaultAsync(
        IKeyStore store,
        IReadOnlyCollection<SignedNote> notes,
        bool wasSigned,
        CancellationToken cancel
    )
    {
        var (key, next, all) = (
            await store.ReadAsync(KeyRing.CurrentName, cancel),
            await store.ReadAsync(KeyRing.NextName, cancel),
            await store.ReadAsync(KeyRing.PublicName, cancel)
        );
        if (key is null)
            return all is not null || wasSigned ? "the key that signs checkpoints (log.key) is missing" : null;
        if (Read(key) is not { } current)
            return "the key that signs checkpoints (log.key) is damaged";
        if (next is not null && Read(next) is null)
            return "the next key that is to sign (log.key.next) is damaged";
        if (all is null)
            return wasSigned ? "the public keys that ever signed (log.vkey) are missing" : null;
        var lines = all.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var known = lines.Select(l => NoteKey.TryParse(l, out var k) ? k : null).ToList();
        if (known.Count == 0 || known.Contains(null))
            return "the public keys that ever signed (log.vkey) are damaged";
        var upcoming = next is null ? null : Read(next)!.Public;
        if (known[^1] != current.Public && !(known.Contains(current.Public) && known[^1] == upcoming))
            return "the key that signs (log.key) is not the last of the public ones (log.vkey): they are of different times or logs";

        // Where nothing was announced that can be read, the first key is the last.
        var announced = KeyChain.Of(known[0]!, notes).Last;
        return known.Contains(announced) || announced == upcoming
            ? null
            : $"the key {announced} has been announced, and is not here: log.key is older than the checkpoints";
    }

    /// <summary>
    /// Makes the key of a log that has none, or whose former one is lost and was put away: under a name that no other log has.
    /// </summary>
    public static async Task<NoteKey> MakeAsync(IKeyStore store, CancellationToken cancel) =>
        (await KeyRing.OpenAsync(store, cancel)).First;

    private static SigningKey? Read(string text)
    {
        try
        {
            return SigningKey.Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
