using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;

namespace ChatOps.Core.Application.Streams;

/// <summary>The stream of what happens to the log itself.</summary>
public static class LogStream
{
    /// <summary>The stream's name as records have it.</summary>
    public const string Name = "log";

    /// <summary>Appends an event at the end, wherever that is by now. The same origin twice writes it once.</summary>
    public static async Task<Recorded> WriteAsync(
        IEventLog log,
        Origin origin,
        LogEvent @event,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        var record = new NewRecord($"{origin.Id}.0", now, origin.Actor, origin.Message, origin.Causation, @event);
        return (await Transact.RunAsync(log, Name, end => Task.FromResult<Intent?>(new(end, [record])), cancel))![0];
    }
}
