using System.Diagnostics;
using ChatOps.Specs.Conventions;

namespace ChatOps.Specs.Delivery;

/// <summary>Runs the programs of the gateway's script as it does.</summary>
internal static class Awk
{
    /// <summary>What it printed, and its exit code.</summary>
    public static (string Text, int Exit) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(AwkFactAttribute.Program, ["-f", Path.Combine(Checkout.Root, "infra/gateway/lib", program), .. arguments])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (text, process.ExitCode);
    }
}
