using System.Diagnostics;

namespace ChatOps.Lab;

/// <summary>The local edition as a process of its own, as <c>./run</c> starts it, so that it can be killed.</summary>
internal static class Controller
{
    public static Process Start(string log)
    {
        var dll = Path.Combine(AppContext.BaseDirectory, "chatops.dll");
        // Ctrl-C works in it also when whoever runs the tests ignores it, as a shell's background jobs do.
        var start = new ProcessStartInfo(
            "env",
            ["--default-signal=INT", "dotnet", dll, "--lab", Lab.Json, "--data", Path.GetDirectoryName(log)!]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException("cannot start dotnet");
    }

    /// <summary>Says lines from a pipe and waits for the end.</summary>
    public static async Task<Output> SayAsync(string log, params string[] lines)
    {
        var process = Start(log);
        foreach (var line in lines)
            await process.StandardInput.WriteLineAsync(line);
        return await Output.OfAsync(process);
    }
}
