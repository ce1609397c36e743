namespace ChatOps.Discord;

/// <summary>
/// One rate limit: so many requests in a window of time, as Discord's answers say. While nothing is known, one request goes ahead and the
/// others wait for its answer. Whoever waits here first goes first.
/// </summary>
internal sealed class RateBucket(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<object> _waiting = new();
    private TaskCompletionSource _changed = NewSignal();
    private DateTimeOffset _blockedUntil;
    private Window? _window;
    private bool _isUnlimited;
    private int _inFlight;

    /// <summary>True when forgetting it loses nothing.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
            {
                var now = clock.GetUtcNow();
                return _inFlight == 0 && _waiting.Count == 0 && now >= _blockedUntil && (_window is null || now >= _window.ResetAt);
            }
        }
    }

    /// <summary>Waits until a request may be sent; it is then under way until <see cref="Leave"/>.</summary>
    public async Task EnterAsync(CancellationToken cancel)
    {
        var ticket = new object();
        lock (_lock)
            _waiting.AddLast(ticket);
        try
        {
            while (MayNotGo(ticket, out var changed, out var at))
            {
                var wait = at is { } until ? Task.WhenAny(changed, Task.Delay(Until(until), clock, cancel)) : changed;
                await wait.WaitAsync(cancel);
            }
        }
        catch
        {
            lock (_lock)
            {
                _waiting.Remove(ticket);
                Signal();
            }

            throw;
        }
    }

    /// <summary>A request has its answer, or never will.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _inFlight--;
            Signal();
        }
    }

    /// <param name="remaining">How many requests are left; null when it did not say.</param>
    /// <param name="resetAfter">How long the window lasts; null when it did not say.</param>
    /// <param name="isOurs">True when the request that was answered has entered here and not left yet.</param>
    public void Learn(int? remaining, TimeSpan? resetAfter, bool isOurs)
    {
        lock (_lock)
        {
            if (remaining is { } left && resetAfter is { } after)
            {
                // Other answers may be on their way, and answers overtake each other: the lower number and the later end are safe.
                var resetAt = clock.GetUtcNow() + after;
                var others = isOurs ? _inFlight - 1 : _inFlight;
                _window = _window is null
                    ? new(Math.Max(0, left - others), resetAt)
                    : new(Math.Min(_window.Remaining, left), resetAt > _window.ResetAt ? resetAt : _window.ResetAt);
                _isUnlimited = false;
            }
            else if (_window is null)
                _isUnlimited = true;
            Signal();
        }
    }

    public void Block(TimeSpan time)
    {
        lock (_lock)
        {
            var until = clock.GetUtcNow() + time;
            _blockedUntil = until > _blockedUntil ? until : _blockedUntil;
            _window = null;
            _isUnlimited = false;
            Signal();
        }
    }

    private bool MayNotGo(object ticket, out Task changed, out DateTimeOffset? at)
    {
        lock (_lock)
        {
            (changed, at) = (_changed.Task, null);
            if (_waiting.First!.Value != ticket)
                return true;
            var now = clock.GetUtcNow();
            if (_window is not null && now >= _window.ResetAt)
                _window = null;
            if (now < _blockedUntil)
                at = _blockedUntil;
            else if (_window is { Remaining: 0 })
                at = _window.ResetAt;
            else if (_window is null && !_isUnlimited && _inFlight > 0)
                return true;
            if (at is not null)
                return true;
            _window = _window is null ? null : _window with { Remaining = _window.Remaining - 1 };
            _inFlight++;
            _waiting.RemoveFirst();
            Signal();
            return false;
        }
    }

    // Timers may fire a little early; a millisecond more keeps it from trying twice.
    private TimeSpan Until(DateTimeOffset moment)
    {
        var time = moment - clock.GetUtcNow() + TimeSpan.FromMilliseconds(1);
        return time > TimeSpan.Zero ? time : TimeSpan.Zero;
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Window(int Remaining, DateTimeOffset ResetAt);
}
