using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;

namespace ChatOps.Delivery.Folder;

/// <summary>Runs checks with the programs of this machine. What is not installed or lacks the privilege is skipped and says so.</summary>
internal static class CheckRunner
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>One result a check, in their order.</summary>
    public static async Task<ImmutableArray<CheckResult>> RunAsync(ImmutableArray<Check> checks, CancellationToken cancel)
    {
        var results = ImmutableArray.CreateBuilder<CheckResult>(checks.Length);
        foreach (var check in checks)
            results.Add(await RunAsync(check, cancel));
        return results.ToImmutable();
    }

    private static async Task<CheckResult> RunAsync(Check check, CancellationToken cancel)
    {
        if (!IsOnPath(check.Program))
            return new CheckResult.Skipped(check, $"{check.Program} is not installed here");
        var run = IsOnPath("unshare") ? Checks.Isolated(check) : check;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_patience);
        try
        {
            var (exit, said) = await RunAsync(run.Program, run.Arguments, limit.Token);
            return exit == 0 ? new CheckResult.Passed()
                : check.Excuses.Any(e => said.Contains(e, StringComparison.Ordinal))
                    ? new CheckResult.Skipped(check, $"{check.Program} lacks something here that a gateway has: {said}")
                : new CheckResult.Failed(check, said);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new CheckResult.Skipped(check, $"{check.Program} took longer than {_patience.TotalSeconds:0} s");
        }
        catch (Win32Exception e)
        {
            return new CheckResult.Skipped(check, $"{run.Program} cannot be started: {e.Message}");
        }
    }

    private static async Task<(int Exit, string Said)> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} was not started");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var error = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return (process.ExitCode, ((await error) + (await output)).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}
