using System.Security.Cryptography;
using ChatOps.Core.Application.Ports;
using ChatOps.Proof.Notes;

namespace ChatOps.Proof.Keeping;

/// <summary>
/// The key that signs now, in a store, and its public predecessors. The next one lies beside it from before it is announced until it is in
/// force, so that a crash in between loses neither.
/// </summary>
internal sealed class KeyRing
{
    internal const string CurrentName = "key";
    internal const string NextName = "key.next";
    internal const string PublicName = "vkey";

    private readonly IKeyStore _store;
    private string _public;

    private KeyRing(IKeyStore store, SigningKey current, SigningKey? next, string @public) =>
        (_store, Current, Next, _public) = (store, current, next, @public);

    public SigningKey Current { get; private set; }

    /// <summary>The key that is to be next; null unless a change was begun.</summary>
    public SigningKey? Next { get; private set; }

    /// <summary>The first key: what whoever checks is to trust.</summary>
    public NoteKey First =>
        NoteKey.TryParse(_public.Split('\n')[0], out var key)
            ? key
            : throw new FormatException(
                "the public keys of this log: expected the first one in the first line. Next: restore them from a copy"
            );

    /// <summary>Reads the key, or makes one for a log that has none yet, with a name that no other log has.</summary>
    public static async Task<KeyRing> OpenAsync(IKeyStore store, CancellationToken cancel)
    {
        var made = SigningKey.Make($"chatops/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");
        var current = SigningKey.Parse(
            await store.ReadAsync(CurrentName, cancel) ?? await store.MakeAsync(CurrentName, made.Secret, cancel)
        );
        var next = await store.ReadAsync(NextName, cancel) is { } text ? SigningKey.Parse(text) : null;

        // A change that was cut short when nothing but this was left to do.
        if (next is not null && next.Public == current.Public)
        {
            await store.DeleteAsync(NextName, cancel);
            next = null;
        }

        return new KeyRing(
            store,
            current,
            next,
            await store.ReadAsync(PublicName, cancel) ?? await store.MakeAsync(PublicName, $"{current.Public}\n", cancel)
        );
    }

    public async Task<SigningKey> MakeNextAsync(CancellationToken cancel)
    {
        var next = SigningKey.Make(Current.Public.Name);
        await _store.WriteAsync(NextName, next.Secret, cancel);
        Next = next;
        return next;
    }

    /// <summary>Forgets the next key: it was never announced.</summary>
    public async Task DropNextAsync(CancellationToken cancel)
    {
        await _store.DeleteAsync(NextName, cancel);
        Next = null;
    }

    /// <summary>Puts the next key in force; the former one is gone.</summary>
    public async Task TakeNextAsync(CancellationToken cancel)
    {
        var next = Next ?? throw new InvalidOperationException("there is no next key");
        if (!_public.Split('\n').Contains(next.Public.ToString()))
        {
            var all = $"{_public}{next.Public}\n";
            await _store.WriteAsync(PublicName, all, cancel);
            _public = all;
        }

        await _store.WriteAsync(CurrentName, next.Secret, cancel);
        Current = next;
        await DropNextAsync(cancel);
    }
}
