using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using ChatOps.Local;

namespace ChatOps.Lab;

/// <summary>
/// The lab named <c>test</c>, or as CHATOPS_TEST_LAB says: up for all tests, with a new gateway for each test, gone at the end.
/// </summary>
public sealed class Lab : IAsyncLifetime
{
    public const string Gw1V4 = "203.0.113.10";
    public const string Gw1V6 = "2001:db8::10";

    /// <summary>How long somebody waits who wants to see that nothing comes.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromSeconds(3);

    private static readonly string Name = Environment.GetEnvironmentVariable("CHATOPS_TEST_LAB") is { Length: > 0 } name ? name : "test";
    private static readonly string Script = Path.Combine(Root(), "infra", "lab", "lab");

    private static readonly ConcurrentDictionary<string, (string[] Entry, string? Since)> Entries = new();

    internal static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../.."));

    internal static string Json => $"/run/chatops-lab/{Name}/lab.json";

    internal static LabFile File => LabFile.Load(Json);

    public async Task InitializeAsync() => (await CallAsync("up")).Succeeded();

    public async Task DisposeAsync() => (await CallAsync("down")).Succeeded();

    /// <summary>Calls the lab's script.</summary>
    public static Task<Output> CallAsync(params string[] arguments) => Output.OfAsync(Start(Script, ["--name", Name, .. arguments]));

    /// <summary>Runs a command in one of the lab's machines and waits for its end.</summary>
    public static Task<Output> ExecAsync(string host, params string[] command) => Output.OfAsync(StartIn(host, command));

    /// <summary>Starts a command in one of the lab's machines. A machine that is off says so by the script.</summary>
    public static Process StartIn(string host, params string[] command) =>
        EntryTo(host) is [var program, .. var first]
            ? Start(program, [.. first, .. command])
            : Start(Script, ["--name", Name, "exec", host, .. command]);

    /// <summary>What a web client on the public side gets: the body, or null when there is no answer.</summary>
    public static Task<string?> CurlAsync(string url) => CurlAsync(url, seconds: 60);

    /// <summary>
    /// The same by a client that gives up soon, for who asks again and again: what is dropped while a gateway is off is not sent again for
    /// long.
    /// </summary>
    public static Task<string?> GlanceAsync(string url) => CurlAsync(url, seconds: 3);

    private static async Task<string?> CurlAsync(string url, int seconds)
    {
        var output = await ExecAsync("client", "curl", "-s", "-g", "-m", $"{seconds}", url);
        return output.Code == 0 ? output.Text.Trim() : null;
    }

    /// <summary>What comes back from an echo server when a line is sent; empty when nothing does.</summary>
    public static async Task<string> EchoAsync(string address, int port, string line, bool udp = false, TimeSpan? within = null)
    {
        var limit = within ?? Patience.Limit;
        using var client = StartIn("client", ["nc", udp ? "-u" : "-n", "-w", $"{limit.TotalSeconds:0}", address, $"{port}"]);
        await client.StandardInput.WriteLineAsync(line);
        await client.StandardInput.FlushAsync();
        using var patience = new CancellationTokenSource(limit);
        try
        {
            return await client.StandardOutput.ReadLineAsync(patience.Token) ?? "";
        }
        catch (OperationCanceledException)
        {
            return "";
        }
        finally
        {
            client.Kill(entireProcessTree: true);
        }
    }

    // The script asks dozens of other programs before it begins; tests run thousands of commands. A gateway that was switched on again is
    // another process.
    private static string[] EntryTo(string host)
    {
        if (Entries.TryGetValue(host, out var known) && known.Since is { } since && since == SinceOf(known.Entry))
            return known.Entry;
        using var asking = Start(Script, ["--name", Name, "entry", host]);
        asking.StandardInput.Close();
        var entry = asking.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        asking.WaitForExit();
        if (asking.ExitCode != 0)
            return [];
        Entries[host] = (entry, SinceOf(entry));
        return entry;
    }

    // When the process began by which a machine is entered; its number may be another one's by now. "" for a host that is always there,
    // null for one that is gone.
    private static string? SinceOf(string[] entry)
    {
        if (Array.IndexOf(entry, "--target") is not (>= 0 and var at))
            return "";
        try
        {
            // What stands before the last bracket is a name, in which there may be anything (proc_pid_stat(5)). A zombie has no namespaces.
            var fields = System.IO.File.ReadAllText($"/proc/{entry[at + 1]}/stat").Split(')')[^1].Split(' ');
            return fields[1] is "Z" or "X" ? null : fields[20];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"cannot start {program}");
    }
}

/// <summary>What a command came to.</summary>
public sealed record Output(int Code, string Text, string Error)
{
    public static async Task<Output> OfAsync(Process process)
    {
        using (process)
        {
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync();
            var text = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return new(process.ExitCode, text, await error);
        }
    }

    public Output Succeeded()
    {
        Assert.True(Code == 0, $"exit {Code}: {Text}{Error}");
        return this;
    }
}

[CollectionDefinition(nameof(Lab))]
public sealed class LabCollection : ICollectionFixture<Lab>;
