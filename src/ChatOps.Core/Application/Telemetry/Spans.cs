using System.Diagnostics;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Telemetry;

/// <summary>
/// The spans that we record. Their attributes are names, numbers and kinds; never a line's text, a reason, an address or what a machine
/// said. Nobody listens unless telemetry is exported, and then they cost nothing.
/// </summary>
public static class Spans
{
    /// <summary>The name of the source of all our spans.</summary>
    public const string SourceName = "ChatOps";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>A chat line is handled: the root of its trace.</summary>
    public static Activity? Line(string id, string command) =>
        Source.StartActivity("chat.line", ActivityKind.Server, TraceOf.Line(id))?.SetTag("chatops.command", command);

    /// <summary>
    /// A line decides about a change that another line began: part of that line's trace, linked to the deciding line's own.
    /// </summary>
    public static Activity? Decision(Name<Gateway> gateway, Change change, string command)
    {
        var by = Activity.Current;
        return Of("chat.decision", ActivityKind.Internal, gateway, change, by is null ? [] : [new ActivityLink(by.Context)])
            ?.SetTag("chatops.command", command);
    }

    /// <summary>An accepted change is applied, in whatever process.</summary>
    public static Activity? Apply(Name<Gateway> gateway, Change change, Revision revision) =>
        Of(
            "gateway.apply",
            ActivityKind.Consumer,
            gateway,
            change,
            Activity.Current is { } invocation ? [new ActivityLink(invocation.Context)] : []
        )
            ?.SetTag("chatops.revision", revision.Number);

    /// <summary>A step within what runs.</summary>
    public static Activity? Step(string name) => Source.StartActivity(name);

    /// <summary>Marks a span as failed at a step. What the machine said is in the log, for those who may read it.</summary>
    public static void Fail(this Activity? span, string step) => span?.SetTag("chatops.step", step).SetStatus(ActivityStatusCode.Error);

    private static Activity? Of(string name, ActivityKind kind, Name<Gateway> gateway, Change change, ActivityLink[] links) =>
        Source
            .StartActivity(
                name,
                kind,
                TraceOf.Line(change.Message ?? FormattableString.Invariant($"{gateway}#{change.Number}")),
                links: links
            )
            ?.SetTag("chatops.gateway", gateway.ToString())
            .SetTag("chatops.change", change.Number);
}
