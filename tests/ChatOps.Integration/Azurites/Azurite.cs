using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace ChatOps.Integration.Azurites;

/// <summary>
/// An Azurite of one's own, on loopback and on disk, with a key that nobody else has. It ends with its owner, even when the owner is
/// killed. It can be stopped, and started again on the same folder and ports: to its clients that is an outage. <c>need_azurite</c> of
/// <c>infra/setup.sh</c> installs it.
/// </summary>
public sealed partial class Azurite : IAsyncDisposable
{
    /// <summary>The account that it knows.</summary>
    public const string Account = "chatops";

    // Node's child ends when nobody holds the other end of the pipe any more.
    private const string UntilInputEnds = """
        "$@" </dev/null & child=$!
        trap 'kill $child' TERM
        read -r _
        kill $child
        wait $child
        """;

    private readonly string _modules;
    private readonly string _folder;
    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private Process? _process;
    private int _blobPort;
    private int _queuePort;

    private Azurite(string modules, string folder) => (_modules, _folder) = (modules, folder);

    /// <summary>How to reach its blobs and queues; the same after a restart.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={_key};"
        + $"BlobEndpoint=http://127.0.0.1:{_blobPort}/{Account};QueueEndpoint=http://127.0.0.1:{_queuePort}/{Account};";

    /// <summary>Starts one.</summary>
    /// <param name="checkout">The checkout in whose <c>.run</c> it is installed.</param>
    /// <param name="folder">Where it keeps its data; it must be there, and stays.</param>
    /// <exception cref="InvalidOperationException">It is not installed, or does not start.</exception>
    public static async Task<Azurite> StartAsync(string checkout, string folder)
    {
        var azurite = new Azurite(Path.Combine(checkout, ".run", "azurite", "node_modules"), folder);
        await azurite.StartAsync();
        return azurite;
    }

    /// <summary>Starts it again after <see cref="StopAsync"/>.</summary>
    public async Task StartAsync()
    {
        if (_process is not null)
            throw new InvalidOperationException("it runs");
        var script = Path.Combine(_modules, "azurite", "dist", "src", "azurite.js");
        if (!File.Exists(script))
            throw new InvalidOperationException("Azurite is not in .run/azurite. Next: ./test, which installs it");
        string[] command = ["-c", UntilInputEnds, "azurite", "node", script, "--silent", "--disableTelemetry", "--location", _folder];
        string[] ports = ["--blobPort", $"{_blobPort}", "--queuePort", $"{_queuePort}", "--tablePort", "0"];
        var start = new ProcessStartInfo("/bin/sh", [.. command, .. ports])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
            Environment = { ["AZURITE_ACCOUNTS"] = $"{Account}:{_key}" },
        };
        _process = Process.Start(start)!;
        try
        {
            var patience = Patience.Token;
            _blobPort = await PortOfAsync("Blob", patience);
            _queuePort = await PortOfAsync("Queue", patience);
            // Nobody reads the rest, and a full pipe would stop it.
            _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            _ = _process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        }
        catch
        {
            await StopAsync();
            throw;
        }
    }

    /// <summary>Stops it; what it has answered is on the disk.</summary>
    public async Task StopAsync()
    {
        if (_process is not { } process)
            return;
        _process = null;
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(Patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task<int> PortOfAsync(string service, CancellationToken cancel)
    {
        var said = new List<string>();
        try
        {
            while (await _process!.StandardOutput.ReadLineAsync(cancel) is { } line)
            {
                said.Add(line);
                if (Listening().Match(line) is { Success: true } match && match.Groups["service"].Value == service)
                    return new Uri(match.Groups["url"].Value).Port is var port and > IPEndPoint.MinPort
                        ? port
                        : throw new InvalidOperationException(line);
            }
        }
        catch (OperationCanceledException)
        {
            // Said below.
        }

        throw new InvalidOperationException($"Azurite did not start its {service} service: {string.Join(" | ", said)}");
    }

    [GeneratedRegex("Azurite (?<service>[A-Za-z]+) service is successfully listening at (?<url>http://[^ ]+)$")]
    private static partial Regex Listening();
}
