using ChatOps.Core.Changes;
using ChatOps.Core.Gateways;
using ChatOps.Core.Log;
using ChatOps.Core.Ports;

namespace ChatOps.Core.Audit;

/// <summary>Someone asked, where policy wants that to be known. In a stream of its own; it changes nothing.</summary>
/// <param name="Line">The question as it was said.</param>
internal sealed record QuestionAsked(string Line) : GatewayEvent
{
    /// <summary>The stream of all questions.</summary>
    public const string Stream = "questions";
}

/// <summary>Writes down who asked what.</summary>
public sealed class QuestionLog(IEventLog log, TimeProvider clock)
{
    private long _version;

    /// <summary>Records a question; the same origin twice records it once.</summary>
    public async Task RecordAsync(Origin origin, string line, CancellationToken cancel)
    {
        var record = new NewRecord($"{origin.Id}.asked", clock.GetUtcNow(), origin.Actor, origin.Message, origin.Causation, new QuestionAsked(line));
        var written = await Transact.RunAsync(log, QuestionAsked.Stream, end => Task.FromResult<Intent?>(new(Math.Max(end, Interlocked.Read(ref _version)), [record])), cancel);
        Interlocked.Exchange(ref _version, written![^1].Version);
    }
}
