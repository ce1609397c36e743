using System.Diagnostics;

namespace ChatOps.Lab;

/// <summary>
/// A client that asks for a page again and again, over a new connection each time: some thirty times a second, and one process all the
/// while.
/// </summary>
internal sealed class Poller : IDisposable
{
    // Bounded, should nobody stop it.
    private const int AtMost = 20000;

    private const string Program = """
        import http.client, socket, ssl, sys, time, urllib.parse
        url = urllib.parse.urlsplit(sys.argv[1])
        address = sys.argv[3]
        trusting = ssl._create_unverified_context()
        def connect():
            if url.scheme == "http":
                return http.client.HTTPConnection(url.hostname, url.port or 80, timeout=10)
            connection = http.client.HTTPSConnection(url.hostname, timeout=10, context=trusting)
            connection._create_connection = lambda *_: socket.create_connection((address, 443), timeout=10)
            return connection
        for _ in range(int(sys.argv[2])):
            try:
                connection = connect()
                connection.request("GET", url.path)
                print(connection.getresponse().read().decode().strip(), flush=True)
                connection.close()
            except Exception as e:
                print("FAILED", repr(e), flush=True)
            time.sleep(0.025)
        """;

    private readonly Process _process;
    private readonly Task _reading;
    private readonly List<string> _lines = [];

    private Poller(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    /// <param name="url">What it asks for; whoever holds the certificate.</param>
    /// <param name="address">Where it asks for an https name.</param>
    public static Poller Start(string url, string address = Lab.Gw1V4) =>
        new(Lab.StartIn("client", "python3", "-c", Program, url, $"{AtMost}", address));

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
