using System.Globalization;

namespace ChatOps.Bot.Hosting;

/// <summary>Work that nobody waits for: when it ends before its time, somebody is to hear of it.</summary>
public static class Unattended
{
    /// <summary>Waits for the work, and complains when it has ended by anything but being stopped.</summary>
    public static async Task RunAsync(string what, Task work, Action<string> complain, CancellationToken stop)
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
            complain(string.Create(CultureInfo.InvariantCulture, $"{what} has ended: {e.Message}. Next: stop and start again; nothing is lost"));
        }
    }
}
