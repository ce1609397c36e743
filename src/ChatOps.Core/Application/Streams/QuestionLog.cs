using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;

namespace ChatOps.Core.Application.Streams;

/// <summary>Writes down who asked what.</summary>
public sealed class QuestionLog(IEventLog log, TimeProvider clock)
{
    private long _version;

    /// <summary>Records a question; the same origin twice records it once.</summary>
    public async Task RecordAsync(Origin origin, string line, CancellationToken cancel)
    {
        var record = new NewRecord(
            $"{origin.Id}.asked",
            clock.GetUtcNow(),
            origin.Actor,
            origin.Message,
            origin.Causation,
            new QuestionAsked(line)
        );
        var written = await Transact.RunAsync(
            log,
            QuestionAsked.Stream,
            end => Task.FromResult<Intent?>(new(Math.Max(end, Interlocked.Read(ref _version)), [record])),
            cancel
        );
        Interlocked.Exchange(ref _version, written![^1].Version);
    }
}
