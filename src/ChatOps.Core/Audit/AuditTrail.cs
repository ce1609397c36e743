using System.Globalization;
using ChatOps.Core.Changes;
using ChatOps.Core.Commands;
using ChatOps.Core.Gateways;
using ChatOps.Core.Log;
using ChatOps.Core.Planning;
using ChatOps.Core.Values;

namespace ChatOps.Core.Audit;

/// <summary>One line of an audit answer.</summary>
/// <param name="Time">When.</param>
/// <param name="Gateway">Where.</param>
/// <param name="Change">The change, or 0 for what belongs to none.</param>
/// <param name="What">One word: proposed, approved, denied, applied, ...</param>
/// <param name="Who">The display name at that time.</param>
/// <param name="Details">The rest of the story.</param>
public sealed record AuditLine(DateTimeOffset Time, Name<Gateway> Gateway, int Change, string What, string Who, string Details);

/// <summary>Turns a gateway's records into audit lines: who did what, when, why, with whose consent. A pure fold.</summary>
public sealed class AuditTrail(Name<Gateway> gateway, AuditQuery query, DateTimeOffset now)
{
    private readonly List<AuditLine> _lines = [];
    private GatewayState _state = GatewayState.Initial(gateway);

    /// <summary>The lines that the query asks for, oldest first.</summary>
    public IReadOnlyList<AuditLine> Lines => _lines;

    /// <summary>Takes the next record of the stream.</summary>
    public void Add(Recorded recorded)
    {
        _state = _state.With(recorded);
        var (number, what, details) = Describe(recorded.Event);
        if (what is null)
            return;
        var tooOld = query.Since is { } since && recorded.Time < now - since;
        var bySomeoneElse = query.By is { } by && !IsBy(recorded.Actor, by);
        if (!tooOld && !bySomeoneElse && IsAbout(number, recorded.Event))
            _lines.Add(new(recorded.Time, gateway, number, what, recorded.Actor.Name, details.ReplaceLineEndings(" / ")));
    }

    private static bool IsBy(Actor actor, string who) =>
        actor.Name.Equals(who, StringComparison.OrdinalIgnoreCase) || actor.Id.Equals(who, StringComparison.OrdinalIgnoreCase);

    private bool IsAbout(int number, GatewayEvent @event)
    {
        if (query.Vm is null && query.Endpoint is null)
            return true;
        var effects = _state.Changes.TryGetValue(number, out var change) ? change.Effects.AsEnumerable() : [];
        if (@event is Effect own)
            effects = effects.Append(own);
        return effects.Any(e => Touches(e));
    }

    private bool Touches(Effect effect) =>
        effect switch
        {
            ExposureOpened e => query.Endpoint == e.Endpoint || e.Targets.Any(t => t.Vm == query.Vm),
            ExposureClosed e => query.Endpoint == e.Endpoint || (query.Vm is { } vm && LedTo(e.Endpoint, vm)),
            ExposureExtended e => query.Endpoint == e.Endpoint || (query.Vm is { } vm && LedTo(e.Endpoint, vm)),
            RuleAdded { Rule: var rule } => IsAbout(rule),
            RuleRemoved { Rule: var rule } => IsAbout(rule),
            PeerRekeyed e => e.Peer.ToString() == query.Vm?.ToString(),
            VmAdded e => e.Vm == query.Vm,
            VmRemoved e => e.Vm == query.Vm,
            PeerAdded e => e.Peer.ToString() == query.Vm?.ToString(),
            PeerRemoved e => e.Peer.ToString() == query.Vm?.ToString(),
            _ => false,
        };

    private bool IsAbout(Rule rule) => (rule.About is { } vm && vm == query.Vm) || (rule.OnPort is { } port && query.Endpoint == (PublicEndpoint)port);

    // A closed port belongs to the story of every VM that it has led to.
    private bool LedTo(PublicEndpoint endpoint, Name<Vm> vm) =>
        _state.Changes.Values.SelectMany(c => c.Effects).OfType<ExposureOpened>().Any(o => o.Endpoint == endpoint && o.Targets.Any(t => t.Vm == vm));

    private (int Number, string? What, string Details) Describe(GatewayEvent @event) =>
        @event switch
        {
            GatewayAdded { Change: 0 } e => (0, "added", Plan.Headline([e])),
            HostKeyPinned e => (0, "pinned", $"host key {e.HostKey}"),
            OverlaySeen e => (0, "overlay", e.Overlay is { } overlay ? $"on Mycelium as {overlay}" : "no longer on Mycelium"),
            AlertRaised e => (0, "alert", e.Text),
            AlertCleared e => (0, "cleared", e.Text),
            ChangeProposed e => (e.Number, "proposed", Plan.Headline(e.Effects) + Because(e.Reason)),
            ChangeReplanned e => (e.Number, "replanned", "its plan has changed; earlier approvals are void"),
            ChangeApproved e => (e.Number, "approved", ""),
            ChangeAccepted e when _state.Changes[e.Number].Needs.Count == 0 => (e.Number, "approved", "by policy"),
            ChangeDenied e => (e.Number, "denied", Because(e.Reason).Trim()),
            ChangeWithdrawn e => (e.Number, "withdrawn", ""),
            ChangeExpired e => (e.Number, "expired", "nobody decided in time"),
            ChangeDelayed e => (e.Number, "delayed", e.Error),
            ChangeStuck e => (e.Number, "stuck", e.Error),
            ChangeRetried e => (e.Number, "retried", ""),
            ChangeApplied e => (e.Number, "applied", $"revision {e.Revision}{Took(e)}"),
            ChangeFailed e => (e.Number, "failed", $"while {e.Step}: {e.Error}; revision {e.Running} runs"),
            _ => (0, null, ""),
        };

    private static string Because(string? reason) => reason is null ? "" : $" because \"{reason}\"";

    private static string Took(ChangeApplied e) =>
        e.Steps.TryGetValue("total", out var total) ? string.Create(CultureInfo.InvariantCulture, $", {total} ms") : "";
}
