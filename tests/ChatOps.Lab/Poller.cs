using System.Diagnostics;

namespace ChatOps.Lab;

/// <summary>A client that asks for a page again and again, as fast as it gets answers.</summary>
internal sealed class Poller : IDisposable
{
    // Bounded, should nobody stop it.
    private const int AtMost = 20000;

    private readonly Process _process;
    private readonly Task _reading;
    private readonly List<string> _lines = [];

    private Poller(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    public static Poller Start(string url) =>
        new(
            Lab.StartIn(
                "client",
                "sh",
                "-c",
                $"i=0; while [ $i -lt {AtMost} ]; do curl -s -g -m 10 \"$1\" || echo \"FAILED $?\"; i=$((i + 1)); done",
                "poll",
                url
            )
        );

    /// <summary>Waits for some more answers, so that it has seen the end as well, ends it, and returns what was not an answer.</summary>
    public async Task<string[]> StopAsync()
    {
        var enough = Lines().Length + 10;
        await Eventually.TrueAsync(() => Lines().Length >= enough);
        _process.Kill(entireProcessTree: true);
        await _reading;
        return [.. Lines().Where(l => !l.Contains(" saw ", StringComparison.Ordinal))];
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private string[] Lines()
    {
        lock (_lines)
            return [.. _lines];
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_lines)
                _lines.Add(line);
        }
    }
}
