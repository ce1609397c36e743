namespace ChatOps.Azure;

/// <summary>
/// Keeps something that a service lends for a while: renews it three times in that while, and says that it is lost before somebody else can
/// have it.
/// </summary>
internal sealed class Renewal : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _lost;
    private readonly Func<Task<bool>> _renew;
    private readonly TimeSpan _lent;
    private readonly TimeProvider _time;
    private readonly Task _running;
    private int _isOver;

    /// <param name="renew">Renews it once; false when somebody else has it.</param>
    /// <param name="since">When it was asked for, as a timestamp of the clock.</param>
    public Renewal(Func<Task<bool>> renew, TimeSpan lent, long since, TimeProvider time)
    {
        (_renew, _lent, _time) = (renew, lent, time);
        _lost = new CancellationTokenSource(Left(since), time);
        Lost = _lost.Token;
        _running = RunAsync();
    }

    /// <summary>Cancelled when it could not be renewed in time.</summary>
    public CancellationToken Lost { get; }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0)
            return;
        await _ended.CancelAsync();
        await _running;
        _ended.Dispose();
        _lost.Dispose();
    }

    // The last sixth is for stopping.
    private TimeSpan Left(long since) =>
        _lent * 5 / 6 - _time.GetElapsedTime(since) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private async Task RunAsync()
    {
        while (!_lost.IsCancellationRequested)
        {
            await Task.Delay(_lent / 3, _time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_ended.IsCancellationRequested)
                return;
            var asked = _time.GetTimestamp();
            try
            {
                if (!await _renew())
                    await _lost.CancelAsync();
                else if (!_lost.IsCancellationRequested)
                    _lost.CancelAfter(Left(asked));
            }
            catch (Exception e) when (AzureErrors.IsTransient(e, CancellationToken.None))
            {
                // It is ours until its time is over.
            }
        }
    }
}
