using ChatOps.Bot.Local;

namespace ChatOps.Bot.Discord.Cards;

/// <summary>
/// Hands the room to the board: first what happened since the board was last right, which this process may not have seen; then all that
/// comes. Keeps the position in the log up to which everything is shown.
/// </summary>
internal sealed class CardFeed(ConversationCore core, CardBoard board, CardPositions places, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _saving = new(1, 1);

    // Up to which place in the room entries are on the board; -1 while it still catches up.
    private long _taken = -1;

    public async Task RunAsync(CancellationToken cancel)
    {
        var last = places.ShownUpTo;
        if (last > core.ShownUpTo)
            places.Forget();
        else if (last < core.ShownUpTo)
            await core.CatchUpAsync(board, last.Value, cancel);
        Interlocked.Exchange(ref _taken, 0);
        await Task.WhenAll(FollowAsync(cancel), SaveAsync(cancel));
    }

    /// <summary>Completes when all that is in the room is shown.</summary>
    public async Task DrainAsync(TimeSpan glance, CancellationToken cancel)
    {
        while (!await TrySaveAsync(cancel))
            await Task.Delay(glance, clock, cancel);
    }

    /// <inheritdoc/>
    public void Dispose() => _saving.Dispose();

    private async Task FollowAsync(CancellationToken cancel)
    {
        await foreach (var entry in core.Room.FollowAsync(cancel))
        {
            board.Post(entry.Message);
            Interlocked.Exchange(ref _taken, Math.Max(_taken, entry.Sequence));
        }
    }

    private async Task SaveAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(SaveEvery, clock);
        do await TrySaveAsync(cancel);
        while (await timer.WaitForNextTickAsync(cancel));
    }

    // What the room showed of the log when it was at this position has been taken, and whatever was taken has been sent.
    private async Task<bool> TrySaveAsync(CancellationToken cancel)
    {
        await _saving.WaitAsync(cancel);
        try
        {
            var position = core.ShownUpTo;
            var sequence = core.Room.Sequence;
            if (Interlocked.Read(ref _taken) < sequence || !board.IsIdle)
                return false;
            // What Discord would not have is shown after the next start, if not before.
            if (board.IsShown && places.ShownUpTo != position)
                places.ShownUpTo = position;
            return true;
        }
        finally
        {
            _saving.Release();
        }
    }
}
