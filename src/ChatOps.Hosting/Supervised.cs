using Microsoft.Extensions.Logging;

namespace ChatOps.Hosting;

/// <summary>Work that nobody waits for: when it ends before its time, somebody is to hear of it.</summary>
public static partial class Supervised
{
    /// <summary>Waits for the work, and logs it when it has ended by anything but being stopped.</summary>
    public static async Task RunAsync(string what, Task work, ILogger log, CancellationToken stop)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
        catch (Exception e)
        {
            Ended(log, what, e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Work} has ended: {Problem}. Next: stop and start again; nothing is lost")]
    private static partial void Ended(ILogger log, string work, string problem);
}
