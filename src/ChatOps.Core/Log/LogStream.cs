using ChatOps.Core.Changes;
using ChatOps.Core.Ports;
using ChatOps.Core.Telemetry;

namespace ChatOps.Core.Log;

/// <summary>The stream of what happens to the log itself.</summary>
public static class LogStream
{
    /// <summary>Its name.</summary>
    public const string Name = "log";

    /// <summary>Appends an event at the end, wherever that is by now. The same origin twice writes it once.</summary>
    public static async Task<Recorded> WriteAsync(IEventLog log, Origin origin, LogEvent @event, DateTimeOffset now, CancellationToken cancel)
    {
        var record = new NewRecord($"{origin.Id}.0", now, origin.Actor, origin.Message, origin.Causation, @event);
        var version = 0L;
        return await Contention.WinAsync(Name, async () =>
        {
            switch (await log.AppendAsync(Name, version, [record], cancel))
            {
                case AppendResult.Appended { Records: [var written] }:
                    Figures.Appended([written]);
                    return written;
                case AppendResult.Conflict conflict:
                    version = conflict.ActualVersion;
                    break;
            }

            return null;
        }, cancel);
    }
}
