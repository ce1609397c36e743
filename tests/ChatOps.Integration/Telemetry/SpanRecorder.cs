using System.Collections.Concurrent;
using System.Diagnostics;
using ChatOps.Core.Application.Telemetry;

namespace ChatOps.Integration.Telemetry;

/// <summary>Hears of every span that ends while it lives.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ActivityListener _listener;

    public SpanRecorder()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Spans.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ConcurrentQueue<Activity> Ended { get; } = [];

    /// <summary>The spans of a trace, in the order of their beginnings.</summary>
    public List<Activity> Of(ActivityTraceId trace) => [.. Ended.Where(a => a.TraceId == trace).OrderBy(a => a.StartTimeUtc)];

    public void Dispose() => _listener.Dispose();
}
