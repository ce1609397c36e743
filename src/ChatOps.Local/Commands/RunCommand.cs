using System.CommandLine;

namespace ChatOps.Local.Commands;

/// <summary>Without a command: terminal chat with the page beside it, or lines from a pipe. It is what <c>./run</c> starts.</summary>
internal static class RunCommand
{
    public static RootCommand Create()
    {
        var ways = new WayOptions();
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
        var checkpoints = new Option<string?>("--checkpoints")
        {
            Description = "the file for signed checkpoints, best on another machine's disk; beside the log when not given",
        };
        var root = new RootCommand("The local edition of ChatOps: bot, functions and log in one process.")
        {
            data,
            policy,
            port,
            fresh,
            settle,
            checkpoints,
        };
        ways.AddTo(root);
        root.SetAction(parsed =>
            ways.Read(parsed, out var way) is { } problem ? CommandLine.WrongAsync(problem)
            : way is null ? CommandLine.WrongAsync("expected one of --lab FILE, --gateway folder:PATH and --own")
            : LocalHost.RunAsync(
                new(
                    way,
                    parsed.GetValue(data) ?? (way.IsOwn ? ".run/own" : ".run/data"),
                    parsed.GetValue(policy)!,
                    parsed.GetValue(port),
                    parsed.GetValue(fresh),
                    TimeSpan.FromSeconds(parsed.GetValue(settle)),
                    parsed.GetValue(checkpoints)
                )
            )
        );
        return root;
    }
}
