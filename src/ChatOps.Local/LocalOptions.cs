using System.CommandLine;

namespace ChatOps.Local;

/// <summary>What <c>./run</c> was asked for.</summary>
/// <param name="Lab">The lab's description (<c>lab.json</c>), or null.</param>
/// <param name="Folder">The folder gateway's path, or null. With neither of both, gateways are what somebody adds to the log.</param>
/// <param name="Identity">The key to log in with; null for one of our own, made at the first start.</param>
/// <param name="Data">Where the log lies.</param>
/// <param name="Policy">The policy file.</param>
/// <param name="Port">The web page's port on 127.0.0.1; 0 for any.</param>
/// <param name="Fresh">Start with an empty log; the former one is kept beside it.</param>
/// <param name="Settle">How long to wait at the end of piped input for changes that a gateway does not take.</param>
/// <param name="Checkpoints">The file for checkpoints; null for one beside the log.</param>
internal sealed record LocalOptions(string? Lab, string? Folder, string? Identity, string Data, string Policy, int Port, bool Fresh, TimeSpan Settle, string? Checkpoints)
{
    /// <summary>Reads the command line, runs, and returns the exit code; 2 for a wrong line.</summary>
    public static async Task<int> ReadAsync(string[] args, Func<LocalOptions, Task<int>> run)
    {
        var lab = new Option<string?>("--lab") { Description = "the lab's lab.json: its gateways are reached over SSH" };
        var gateway = new Option<string?>("--gateway") { Description = "folder:PATH: render, check and write the files there instead" };
        var own = new Option<bool>("--own") { Description = "gateways of one's own: those that somebody adds, reached over SSH" };
        var identity = new Option<string?>("--identity")
        {
            Description = "with --own: the private key's file, \"agent\" for the key of the SSH agent, or FILE.pub for one of its keys; when not given, a key is made in the data folder",
        };
        var data = new Option<string?>("--data") { Description = "where the log lies: .run/data, or .run/own with --own" };
        var policy = new Option<string>("--policy")
        {
            Description = "who is who and who may what",
            DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "policy.json"),
        };
        var port = new Option<int>("--port") { Description = "the web page's port on 127.0.0.1", DefaultValueFactory = _ => 5080 };
        var fresh = new Option<bool>("--fresh") { Description = "start with an empty log; the former one is kept" };
        var settle = new Option<int>("--settle")
        {
            Description = "seconds to wait at the end of piped input for a gateway that does not answer",
            DefaultValueFactory = _ => 120,
        };
        var checkpoints = new Option<string?>("--checkpoints") { Description = "the file for signed checkpoints, best on another machine's disk; beside the log when not given" };
        var root = new RootCommand("The local edition of ChatOps: bot, functions and log in one process.") { lab, gateway, own, identity, data, policy, port, fresh, settle, checkpoints };
        root.SetAction(parsed =>
        {
            var folder = parsed.GetValue(gateway);
            if (folder is not null && !folder.StartsWith("folder:", StringComparison.Ordinal))
                return Wrong($"--gateway {folder}: expected folder:PATH");
            var isOwn = parsed.GetValue(own);
            if (new[] { folder is not null, parsed.GetValue(lab) is not null, isOwn }.Count(given => given) != 1)
                return Wrong("expected one of --lab FILE, --gateway folder:PATH and --own");
            if (parsed.GetValue(identity) is not null && !isOwn)
                return Wrong("--identity goes with --own");
            return run(
                new(
                    parsed.GetValue(lab),
                    folder?["folder:".Length..],
                    parsed.GetValue(identity),
                    parsed.GetValue(data) ?? (isOwn ? ".run/own" : ".run/data"),
                    parsed.GetValue(policy)!,
                    parsed.GetValue(port),
                    parsed.GetValue(fresh),
                    TimeSpan.FromSeconds(parsed.GetValue(settle)),
                    parsed.GetValue(checkpoints)
                )
            );
        });
        var result = root.Parse(args);

        // Ctrl-C is ours: it ends what runs in order, and says so.
        return result.Errors.Count > 0 ? await Wrong(string.Join("; ", result.Errors.Select(e => e.Message))) : await result.InvokeAsync(new() { ProcessTerminationTimeout = null });
    }

    private static async Task<int> Wrong(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return 2;
    }
}
