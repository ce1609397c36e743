using System.Diagnostics;
using System.Diagnostics.Metrics;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Telemetry;

/// <summary>The figures that we record, by the conventions of OpenTelemetry: durations in seconds, attributes with few values.</summary>
public static class Figures
{
    /// <summary>The name of the meter of all our figures.</summary>
    public const string MeterName = "ChatOps";

    private static readonly Meter Meter = new(MeterName);
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    };

    private static readonly Counter<long> RecordCount = Meter.CreateCounter<long>(
        "chatops.log.records",
        "{record}",
        "Records that are new in the log."
    );
    private static readonly Counter<long> ChangeCount = Meter.CreateCounter<long>(
        "chatops.changes",
        "{change}",
        "Changes that have come to a state."
    );
    private static readonly Counter<long> AlertCount = Meter.CreateCounter<long>(
        "chatops.alerts",
        "{alert}",
        "Alerts about gateways that have begun or are over."
    );
    private static readonly Histogram<double> AppendSeconds = Duration(
        "chatops.log.append.duration",
        "How long an append to the log took."
    );
    private static readonly Histogram<double> ApplySeconds = Duration(
        "chatops.apply.duration",
        "How long an apply took, from its beginning to its outcome."
    );
    private static readonly Histogram<double> WaitSeconds = Duration(
        "chatops.queue.age",
        "How long a change waited between its acceptance and the beginning of its apply."
    );
    private static readonly Histogram<double> LookSeconds = Duration("chatops.reconcile.duration", "How long a look at all gateways took.");
    private static readonly Gauge<int> DriftItems = Meter.CreateGauge<int>(
        "chatops.gateway.drift",
        "{item}",
        "What is not as the log says, at the last look."
    );

    /// <summary>An append has taken this long; <paramref name="failure"/> is what went wrong, or null.</summary>
    public static void Append(TimeSpan took, Exception? failure) =>
        AppendSeconds.Record(took.TotalSeconds, failure is null ? default : new TagList { { "error.type", failure.GetType().FullName } });

    /// <summary>These records are new in the log.</summary>
    public static void Appended(IEnumerable<Recorded> records)
    {
        foreach (var recorded in records)
        {
            var kind = EventTypes.Of(recorded.Event);
            RecordCount.Add(1, new TagList { { "chatops.event", kind.Name } });
            if (Gateway.OfStream(recorded.Stream) is not { } gateway)
                continue;
            if (recorded.Event is ChangeEvent)
                ChangeCount.Add(1, Of(gateway, ("chatops.change.state", kind.State!)));
            if (recorded.Event is AlertEvent alert)
                AlertCount.Add(1, Of(gateway, ("chatops.alert.kind", AlertKind.NameIn(alert.Key)), ("chatops.alert.state", kind.State!)));
        }
    }

    /// <summary>A change waited this long to be begun with.</summary>
    public static void Waited(Name<Gateway> gateway, TimeSpan age) => WaitSeconds.Record(Math.Max(0, age.TotalSeconds), Of(gateway));

    /// <summary>An apply has taken this long and come to this: <c>applied</c>, <c>failed</c> or <c>unreachable</c>.</summary>
    public static void Applied(Name<Gateway> gateway, TimeSpan took, string result) =>
        ApplySeconds.Record(took.TotalSeconds, Of(gateway, ("chatops.apply.result", result)));

    /// <summary>A look at all gateways has taken this long.</summary>
    public static void Looked(TimeSpan took) => LookSeconds.Record(took.TotalSeconds);

    /// <summary>So many things on a gateway are not as the log says.</summary>
    public static void Drifted(Name<Gateway> gateway, int items) => DriftItems.Record(items, Of(gateway));

    private static TagList Of(Name<Gateway> gateway, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var tags = new TagList { { "chatops.gateway", gateway.ToString() } };
        foreach (var (name, value) in more)
            tags.Add(name, value);
        return tags;
    }

    private static Histogram<double> Duration(string name, string description) =>
        Meter.CreateHistogram(name, "s", description, null, Seconds);
}
