using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;
using ChatOps.Proof.Checking;
using ChatOps.Proof.Merkle;
using ChatOps.Proof.Notes;
using Microsoft.Extensions.Logging;

namespace ChatOps.Proof.Keeping;

/// <summary>
/// Keeps a log provable: grows its Merkle tree, signs checkpoints and puts them elsewhere. It signs nothing that does not follow from what
/// was signed before, so a log that was rewritten gets no checkpoint any more.
/// </summary>
public sealed class CheckpointSigner : IDisposable
{
    private readonly IEventLog _log;
    private readonly KeyRing _keys;
    private readonly LogTree _tree;
    private readonly CheckpointStore _notes;
    private readonly KeeperOptions _options;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _turn = new(1);
    private bool _isContinued;

    private CheckpointSigner(IEventLog log, KeyRing keys, LogTree tree, CheckpointStore notes, KeeperOptions options, TimeProvider clock) =>
        (_log, _keys, _tree, _notes, _options, _clock) = (log, keys, tree, notes, options, clock);

    /// <summary>The public key to hand to whoever checks: the first one; the others follow from it.</summary>
    public NoteKey FirstKey => _keys.First;

    /// <summary>Opens what lies beside the log, and makes its key when there is none.</summary>
    /// <param name="keys">Where its keys are.</param>
    /// <param name="tree">The tree's file, which can be deleted.</param>
    /// <param name="sinks">Where checkpoints go, and come from again.</param>
    /// <param name="logs">Where it is logged that a place cannot be reached.</param>
    public static async Task<CheckpointSigner> OpenAsync(
        IEventLog log,
        IKeyStore keys,
        string tree,
        IReadOnlyList<ICheckpointSink> sinks,
        KeeperOptions options,
        TimeProvider clock,
        ILoggerFactory logs,
        CancellationToken cancel
    )
    {
        var ring = await KeyRing.OpenAsync(keys, cancel);
        var notes = new CheckpointStore(ring.Current.Public.Name, sinks, logs.CreateLogger<CheckpointStore>());
        await notes.OpenAsync(cancel);
        var keeper = new CheckpointSigner(log, ring, LogTree.Open(log, tree), notes, options, clock);
        await keeper.FinishKeyChangeAsync(cancel);
        return keeper;
    }

    /// <summary>Puts what is signed from now on in one more place. For those from which nothing is read back.</summary>
    public void AlsoPutIn(ICheckpointSink sink) => _notes.Add(sink);

    /// <summary>Signs as records come and as time goes by, until cancelled.</summary>
    /// <exception cref="LogCorruptException">The log is not what was signed before; nothing more is signed.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        await InTurn(() => ContinueAsync(cancel), cancel);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var timer = ByTimeAsync(both.Token);
        var follower = ByRecordsAsync(both.Token);
        await Task.WhenAny(timer, follower);
        await both.CancelAsync();
        await Task.WhenAll(timer, follower);
    }

    /// <summary>The last checkpoint, signed now when there are records after it; null for an empty log.</summary>
    /// <exception cref="LogCorruptException">The log is not what was signed before.</exception>
    public Task<SignedNote?> CheckpointAsync(CancellationToken cancel) => InTurn(() => SignAsync(cancel), cancel);

    /// <summary>Checks the whole log against the checkpoints of all places.</summary>
    public async Task<Verdict> VerifyAsync(IProgress<long>? progress, CancellationToken cancel)
    {
        var notes = await InTurn(() => _notes.ReadAllAsync(cancel), cancel);
        return await new LogCheck(FirstKey, notes).RunAsync(_log.ReadTextsAsync(0, cancel), progress, cancel);
    }

    /// <summary>The proofs of some records against the last checkpoint; those that are not in the log are left out.</summary>
    public Task<string> ProveAsync(IReadOnlyCollection<long> positions, CancellationToken cancel) =>
        InTurn(
            async () => await SignAsync(cancel) is { } note ? await RecordProof.WriteAsync(_log, _tree, note, positions, cancel) : "",
            cancel
        );

    /// <summary>The proof that the log has only grown since it had so many records; empty when it never had.</summary>
    public Task<string> ProveGrowthAsync(long since, CancellationToken cancel) =>
        InTurn(async () => await SignAsync(cancel) is { } note ? await GrowthProof.WriteAsync(_tree, note, since, cancel) : "", cancel);

    /// <summary>Writes the whole log with all its notes, up to a checkpoint that is signed now.</summary>
    /// <returns>How many records were written.</returns>
    public async Task<long> ExportAsync(Stream to, IProgress<long>? progress, CancellationToken cancel)
    {
        var note = await CheckpointAsync(cancel);
        var size = note is not null && Checkpoint.TryParse(note.Text, out var checkpoint) ? checkpoint.Size : 0;
        var notes = await InTurn(() => _notes.ReadAllAsync(cancel), cancel);
        await LogExport.WriteAsync(
            to,
            FirstKey.Name,
            _log.ReadTextsAsync(0, cancel),
            size,
            note is null ? notes : notes.Append(note),
            progress,
            cancel
        );
        return size;
    }

    /// <summary>Makes a new key, announces it in the log and in a note that both keys sign, and signs with it from then on.</summary>
    /// <param name="writes">The log to write to, as people's events are written.</param>
    public Task<NoteKey> ChangeKeyAsync(IEventLog writes, Origin origin, CancellationToken cancel) =>
        InTurn(
            async () =>
            {
                var next = await _keys.MakeNextAsync(cancel);
                var announced = await LogStream.WriteAsync(
                    writes,
                    origin,
                    new SigningKeyAnnounced(_keys.Current.Public.ToString(), next.Public.ToString()),
                    _clock.GetUtcNow(),
                    cancel
                );
                await AnnounceAsync(next, announced.Position, cancel);
                await SignAsync(cancel);
                return next.Public;
            },
            cancel
        );

    /// <inheritdoc/>
    public void Dispose()
    {
        _tree.Dispose();
        _turn.Dispose();
    }

    private async Task ByRecordsAsync(CancellationToken cancel)
    {
        var unsigned = 0;
        await foreach (var recorded in _log.FollowAsync(_tree.Position, cancel))
        {
            unsigned++;
            if (unsigned < _options.Records)
                continue;
            await CheckpointAsync(cancel);
            unsigned = 0;
        }
    }

    private async Task ByTimeAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(_options.Every, _clock);
        while (await timer.WaitForNextTickAsync(cancel))
            await CheckpointAsync(cancel);
    }

    private async Task<SignedNote?> SignAsync(CancellationToken cancel)
    {
        if (await ContinueAsync(cancel) == 0)
            return null;
        if (_notes.Last is { } last && last.Checkpoint.Size == _tree.Size && last.Note.IsSignedBy(_keys.Current.Public))
            return last.Note;
        var checkpoint = Checkpoint.Of(_keys.Current.Public.Name, _tree.Size, await _tree.RootAsync(_tree.Size, cancel));
        var note = SignedNote.Of(checkpoint.Text, _keys.Current);
        await _notes.PutAsync(note, cancel);
        return note;
    }

    // The size of the tree with all that is new, which must go on from what was signed. What this process has signed itself came from this
    // very tree.
    private async Task<long> ContinueAsync(CancellationToken cancel)
    {
        await _tree.CatchUpAsync(cancel);
        if (_isContinued)
            return _tree.Size;
        if (!await _tree.IsOfLogAsync(cancel))
            throw Broken(
                "the log has not the records that it once had: its end was cut off, it was written anew, or an older copy was put back"
            );
        if (_notes.Last is { Checkpoint: var last })
        {
            if (_tree.Size < last.Size)
                throw Broken(
                    $"a checkpoint was signed for {Counts.Of(last.Size, "record")}, and the log has {_tree.Size}: its end was cut off, or an older copy was put back"
                );
            if (Convert.ToBase64String(await _tree.RootAsync(last.Size, cancel)) != last.Root)
                throw Broken($"of the first {Counts.Of(last.Size, "record")} not all are those that were signed");
        }

        _isContinued = true;
        return _tree.Size;
    }

    private static LogCorruptException Broken(string what) => new($"{what}. Nothing is signed any more. Next: audit verify");

    // After a crash: a key that is in the log comes into force, any other was never announced.
    private async Task FinishKeyChangeAsync(CancellationToken cancel)
    {
        if (_keys.Next is not { } next)
            return;
        await foreach (var recorded in _log.ReadStreamAsync(LogStream.Name, 0, cancel))
        {
            if (recorded.Event is SigningKeyAnnounced announced && announced.Key == next.Public.ToString())
            {
                await AnnounceAsync(next, recorded.Position, cancel);
                return;
            }
        }

        await _keys.DropNextAsync(cancel);
    }

    private async Task AnnounceAsync(SigningKey next, long position, CancellationToken cancel)
    {
        await _tree.CatchUpAsync(cancel);
        var index = await _tree.IndexOfAsync(position, cancel)
            ?? throw new LogCorruptException($"the record at position {position} is missing. Next: audit verify");
        await _notes.PutAsync(SignedNote.Of(new KeyChange(_keys.Current.Public, next.Public, index + 1).Text, _keys.Current, next), cancel);
        await _keys.TakeNextAsync(cancel);
    }

    private async Task<T> InTurn<T>(Func<Task<T>> action, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            return await action();
        }
        finally
        {
            _turn.Release();
        }
    }
}
