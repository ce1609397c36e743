namespace ChatOps.Local.Calling;

/// <summary>
/// Progress of what takes more than a second; what is quicker needs none. On a terminal one line is written over and over.
/// </summary>
internal sealed class LateProgress : IAsyncDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    private readonly TextWriter _output;
    private readonly bool _isTerminal;
    private readonly Lock _lock = new();
    private readonly Timer _timer;
    private string? _waiting;
    private bool _isLate;
    private bool _isShown;

    public LateProgress(TextWriter output, bool isTerminal)
    {
        (_output, _isTerminal) = (output, isTerminal);
        _timer = new Timer(_ => Begin(), null, Quiet, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Shows how far it is, when the second is over.</summary>
    public void Show(string text)
    {
        lock (_lock)
        {
            if (_isLate)
                Write(text);
            else
                _waiting = text;
        }
    }

    /// <summary>Takes it away, because something else is written.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _waiting = null;
            if (_isShown && _isTerminal)
                _output.Write("\r\u001b[K");
            _isShown = false;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Begin()
    {
        lock (_lock)
        {
            _isLate = true;
            if (_waiting is { } text)
                Write(text);
        }
    }

    private void Write(string text)
    {
        _isShown = true;
        _output.Write(_isTerminal ? $"\r\u001b[K{text.Split('\n')[0]}" : $"{text}\n");
        _output.Flush();
    }
}
