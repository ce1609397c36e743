using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Erasure;

/// <summary>
/// A log whose records hold people's names and reasons sealed, each person's under their own key; read through here they are open. Once a
/// <see cref="PersonForgotten"/> is in the log their keys are destroyed, and the same texts read as <see cref="SealedText.Erased"/>: the
/// records, their hashes and every proof over them stay as they are.
/// </summary>
/// <param name="keys">The keys; null for a process that has none: it reads people's ids for their names, and appends steps of ours
/// only.</param>
public sealed class ErasableLog(IEventLog inner, IPersonKeys? keys) : IEventLog, IDisposable
{
    private readonly ConcurrentDictionary<string, TextSeal?> _seals = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _destroyed = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<AppendResult> AppendAsync(
        string stream,
        long expectedVersion,
        IReadOnlyList<NewRecord> records,
        CancellationToken cancel
    )
    {
        var sealedRecords = new List<NewRecord>(records.Count);
        foreach (var record in records)
            sealedRecords.Add(await SealAsync(record, cancel));
        var result = await inner.AppendAsync(stream, expectedVersion, sealedRecords, cancel);
        if (result is not AppendResult.Appended appended)
            return result;
        var open = new List<Recorded>(records.Count);
        foreach (var record in appended.Records)
            open.Add(await OpenAsync(record, cancel));
        return new AppendResult.Appended(open);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Recorded> ReadStreamAsync(string stream, long afterVersion, CancellationToken cancel) =>
        OpenAsync(inner.ReadStreamAsync(stream, afterVersion, cancel), cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<Recorded> ReadAllAsync(long afterPosition, CancellationToken cancel) =>
        OpenAsync(inner.ReadAllAsync(afterPosition, cancel), cancel);

    /// <inheritdoc/>
    public IAsyncEnumerable<Recorded> FollowAsync(long afterPosition, CancellationToken cancel) =>
        OpenAsync(inner.FollowAsync(afterPosition, cancel), cancel);

    /// <summary>The texts as they are stored: what hashes and proofs are over stays sealed.</summary>
    public IAsyncEnumerable<RecordText> ReadTextsAsync(long afterPosition, CancellationToken cancel) =>
        inner.ReadTextsAsync(afterPosition, cancel);

    /// <inheritdoc/>
    public Task<long> HeadAsync(CancellationToken cancel) => inner.HeadAsync(cancel);

    /// <inheritdoc/>
    public async Task<Recorded?> FindAsync(string id, CancellationToken cancel) =>
        await inner.FindAsync(id, cancel) is { } found ? await OpenAsync(found, cancel) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var seal in _seals.Values)
            seal?.Dispose();
    }

    private async ValueTask<NewRecord> SealAsync(NewRecord record, CancellationToken cancel)
    {
        if (!PersonalTexts.IsPerson(record.Actor))
            return record;

        // Asked for each time: another process may have destroyed the key that was theirs a moment ago.
        if (keys is null)
            throw new InvalidOperationException("a process without people's keys writes nothing in their names");
        var key = await keys.OfAsync(record.Actor, cancel);
        using var seal = new TextSeal(key);
        string Change(string field, string text) => seal.Seal(record.Id, field, text).ToString();
        return record with { Actor = PersonalTexts.Change(record.Actor, Change), Event = PersonalTexts.Change(record.Event, Change) };
    }

    private async IAsyncEnumerable<Recorded> OpenAsync(
        IAsyncEnumerable<Recorded> records,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        await foreach (var record in records.WithCancellation(cancel))
            yield return await OpenAsync(record, cancel);
    }

    private async ValueTask<Recorded> OpenAsync(Recorded record, CancellationToken cancel)
    {
        if (record.Event is PersonForgotten forgotten && keys is not null)
            await DestroyAsync(keys, forgotten, cancel);
        if (!SealedText.TryParse(record.Actor.Name, out var name))
            return record;
        if (keys is null)
            return record with
            {
                Actor = record.Actor with { Name = record.Actor.Id },
                Event = PersonalTexts.Change(record.Event, (_, text) =>
                    SealedText.TryParse(text, out SealedText _) ? SealedText.Kept : text
                ),
            };

        // All texts of a record are its actor's, under one key.
        var seal = await SealOfAsync(keys, name.Key, cancel);
        string Change(string field, string text) =>
            SealedText.TryParse(text, out var value) ? seal?.Open(record.Id, field, value) ?? SealedText.Erased : text;
        return record with { Actor = PersonalTexts.Change(record.Actor, Change), Event = PersonalTexts.Change(record.Event, Change) };
    }

    private async ValueTask<TextSeal?> SealOfAsync(IPersonKeys keys, string key, CancellationToken cancel)
    {
        if (_destroyed.ContainsKey(key))
            return null;
        if (_seals.TryGetValue(key, out var known))
            return known;
        return await keys.FindAsync(key, cancel) is { } found ? _seals.GetOrAdd(key, _ => new TextSeal(found)) : null;
    }

    // The event is the commit point. Whoever reads it makes it so, also after a crash between the two.
    private async Task DestroyAsync(IPersonKeys keys, PersonForgotten forgotten, CancellationToken cancel)
    {
        if (forgotten.Keys.All(_destroyed.ContainsKey))
            return;
        await keys.DestroyAsync(forgotten.Keys, cancel);
        foreach (var key in forgotten.Keys)
        {
            _destroyed[key] = true;
            _seals.TryRemove(key, out _);
        }
    }
}
