namespace ChatOps.Lab;

/// <summary>
/// Makes the machine's kernel log packets of the lab's network namespaces too, as long as it is there. On a gateway that is a machine of
/// its own they are in its journal; a guest in a namespace has no kernel log.
/// </summary>
internal sealed class KernelLog : IDisposable
{
    public const string Switch = "/proc/sys/net/netfilter/nf_log_all_netns";

    private readonly string _before = File.ReadAllText(Switch);

    public KernelLog() => File.WriteAllText(Switch, "1");

    public static async Task<string[]> LinesAsync() => (
            await Output.OfAsync(
                System.Diagnostics.Process.Start(
                    new System.Diagnostics.ProcessStartInfo("dmesg")
                    {
                        RedirectStandardInput = true,
                        RedirectStandardOutput = true,
                        RedirectStandardError = true,
                    }
                )!
            )
        ).Succeeded().Text.Split('\n');

    public void Dispose() => File.WriteAllText(Switch, _before);
}

/// <summary>A test that needs the machine's own kernel log.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KernelLogFactAttribute : FactAttribute
{
    public KernelLogFactAttribute()
    {
        try
        {
            // The module that writes packets to the log is loaded with the first rule that does; the switch is there before.
            using (File.Open(KernelLog.Switch, FileMode.Open, FileAccess.Write)) { }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Skip = $"the kernel's log of packets is not ours here: {e.Message}";
        }
    }
}
