using System.Globalization;
using ChatOps.Core.Changes;
using ChatOps.Core.Gateways;
using ChatOps.Core.Planning;
using ChatOps.Core.Values;

namespace ChatOps.Core.Audit;

/// <summary>Records as lines for people: who did what, when, why, with whose consent.</summary>
public static class AuditTrail
{
    /// <summary>What a record means; null for one that is part of another's story, as the effects of a change are.</summary>
    /// <param name="after">The gateway with the record folded in, and with the change that it is about.</param>
    /// <param name="event">The record's event.</param>
    /// <param name="ledTo">The VMs that an endpoint leads to and has led to.</param>
    public static AuditEntry? EntryOf(GatewayState after, GatewayEvent @event, Func<PublicEndpoint, IEnumerable<string>> ledTo)
    {
        var (number, what, details) = Describe(after, @event);
        if (what is null)
            return null;
        var change = after.Changes.GetValueOrDefault(number);
        IEnumerable<Effect> effects = change is null ? [] : change.Effects;
        return new(what, details.ReplaceLineEndings(" / "), change, TouchedBy(@event is Effect own ? effects.Append(own) : effects, ledTo));
    }

    private static Touched TouchedBy(IEnumerable<Effect> effects, Func<PublicEndpoint, IEnumerable<string>> ledTo)
    {
        var (endpoints, names) = (new HashSet<PublicEndpoint>(), new HashSet<string>(StringComparer.Ordinal));
        var (opens, closes) = (false, false);
        foreach (var effect in effects)
        {
            opens |= effect is ExposureOpened;
            closes |= effect is ExposureClosed;
            if (EndpointOf(effect) is { } endpoint)
            {
                endpoints.Add(endpoint);

                // A closed port belongs to the story of every VM that it has led to.
                if (effect is not ExposureOpened && effect is not (RuleAdded or RuleRemoved))
                    names.UnionWith(ledTo(endpoint));
            }

            names.UnionWith(NamesIn(effect));
        }

        return new(endpoints, names, opens, closes);
    }

    private static PublicEndpoint? EndpointOf(Effect effect) =>
        effect switch
        {
            ExposureOpened e => e.Endpoint,
            ExposureClosed e => e.Endpoint,
            ExposureExtended e => e.Endpoint,
            RuleAdded { Rule.OnPort: { } port } => port,
            RuleRemoved { Rule.OnPort: { } port } => port,
            _ => null,
        };

    private static IEnumerable<string> NamesIn(Effect effect) =>
        effect switch
        {
            ExposureOpened e => e.Targets.Select(t => t.Vm.ToString()),
            VmAdded e => [e.Vm.ToString()],
            VmRemoved e => [e.Vm.ToString()],
            VmRenamed e => [e.Vm.ToString(), e.To.ToString()],
            PeerAdded e => [e.Peer.ToString()],
            PeerRekeyed e => [e.Peer.ToString()],
            PeerRenamed e => [e.Peer.ToString(), e.To.ToString()],
            PeerRemoved e => [e.Peer.ToString()],
            RuleAdded { Rule.About: { } vm } => [vm.ToString()],
            RuleRemoved { Rule.About: { } vm } => [vm.ToString()],
            _ => [],
        };

    private static (int Number, string? What, string Details) Describe(GatewayState state, GatewayEvent @event) =>
        @event switch
        {
            GatewayAdded { Change: 0 } e => (0, "added", Plan.Headline([e])),
            HostKeyPinned e => (0, "pinned", $"host key {e.HostKey}"),
            OverlaySeen e => (0, "overlay", e.Overlay is { } overlay ? $"on Mycelium as {overlay}" : "no longer on Mycelium"),
            AlertRaised e => (0, "alert", e.Text),
            AlertCleared e => (0, "cleared", e.Text),
            QuestionAsked e => (0, "asked", e.Line),
            ChangeProposed e => (e.Number, "proposed", Plan.Headline(e.Effects) + Because(e.Reason)),
            ChangeReplanned e => (e.Number, "replanned", "its plan has changed; earlier approvals are void"),
            ChangeApproved e => (e.Number, "approved", ""),
            ChangeAccepted e when state.Changes[e.Number].Needs.Count == 0 => (e.Number, "approved", "by policy"),
            ChangeForced e => (e.Number, "forced", Because(e.Reason).Trim()),
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
