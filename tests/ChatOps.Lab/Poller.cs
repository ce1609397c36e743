using System.Diagnostics;

namespace ChatOps.Lab;

/// <summary>A client that asks for a page again and again, as fast as it gets answers.</summary>
internal sealed class Poller : IDisposable
{
    // Bounded, should nobody stop it.
    private const int AtMost = 20000;

    private readonly Process _process;
    private readonly Task<string> _output;

    private Poller(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
    }

    public static Poller Start(string url) =>
        new(
            Lab.StartIn(
                "client",
                "sh",
                "-c",
                $"i=0; while [ $i -lt {AtMost} ]; do curl -s -g -m 3 \"$1\" || echo \"FAILED $?\"; i=$((i + 1)); done",
                "poll",
                url
            )
        );

    /// <summary>Ends it: how many answers it got, and what the others were.</summary>
    public async Task<(int Answers, string[] Failures)> StopAsync()
    {
        _process.Kill(entireProcessTree: true);
        var lines = (await _output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (lines.Count(l => l.Contains(" saw ", StringComparison.Ordinal)), [.. lines.Where(l => !l.Contains(" saw ", StringComparison.Ordinal))]);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
