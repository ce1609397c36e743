using System.Globalization;
using ChatOps.Core.Application.Ports;
using Microsoft.Extensions.Hosting.Systemd;

namespace ChatOps.Local.Serving;

/// <summary>Tells systemd that the service does not only exist: each time the log has answered before.</summary>
internal static class Watchdog
{
    private static readonly ServiceState Well = new("WATCHDOG=1");

    /// <summary>How often systemd wants to hear it, halved as its manual says (sd_watchdog_enabled(3)); null when it does not.</summary>
    public static TimeSpan? Period() =>
        long.TryParse(
            Environment.GetEnvironmentVariable("WATCHDOG_USEC"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var microseconds
        )
        && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds / 2)
            : null;

    /// <summary>Tells it until cancelled. When the log hangs nothing is told, and systemd starts the service again.</summary>
    public static async Task RunAsync(ISystemdNotifier systemd, IEventLog log, TimeSpan period, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(period);
        do
        {
            await log.HeadAsync(cancel);
            systemd.Notify(Well);
        } while (await timer.WaitForNextTickAsync(cancel));
    }
}
