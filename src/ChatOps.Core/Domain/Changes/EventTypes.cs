using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>
/// The table of all events: what each is called in the log and by people, what is counted, who is told, and what is said. Stored names are
/// storage format: written by hand, never derived from a type's name, and never reused. A changed shape gets a new name (<c>.v2</c>) and
/// the old one keeps its reader. The rows of effects are in <see cref="EffectTypes"/>.
/// </summary>
public static class EventTypes
{
    /// <summary>Every type of event that is stored, each once.</summary>
    public static ImmutableArray<EventKind> All { get; } =
    [
        .. EffectTypes.All,
        new EventKind<HostKeyPinned>("host-key-pinned.v1") { Word = "pinned", Details = (_, e) => $"host key {e.HostKey}" },
        new EventKind<OverlaySeen>("overlay-seen.v1")
        {
            Word = "overlay",
            Details = (_, e) => e.Overlay is { } overlay ? $"on Mycelium as {overlay}" : "no longer on Mycelium",
        },
        new EventKind<CertificatesSeen>("certificates-seen.v1")
        {
            Word = "certificates",
            Details = (_, e) =>
                e.Held.IsEmpty ? "no certificates there" : $"certificates there: {string.Join(", ", e.Held.Select(c => c.Name))}",
        },
        new EventKind<AlertRaised>("alert-raised.v1")
        {
            Word = "alert",
            Deed = "alerts",
            State = "raised",
            Told = Told.Everybody,
            Details = (_, e) => e.Text,
        },
        new EventKind<AlertCleared>("alert-cleared.v1")
        {
            Word = "cleared",
            Deed = "alerts",
            State = "cleared",
            Told = Told.Everybody,
            Details = (_, e) => e.Text,
            Answer = e => e.Text,
        },
        new EventKind<ChangeProposed>("change-proposed.v1")
        {
            Word = "proposed",
            Deed = "proposals",
            State = "proposed",
            Told = Told.Card,
            Details = (_, e) => EffectWords.Of(e.Line, e.Effects) + Because(e.Reason),
            Texts = (e, change) => e.Reason is { } reason ? e with { Reason = change("reason", reason) } : e,
        },
        new EventKind<ChangeReplanned>("change-replanned.v1")
        {
            Word = "replanned",
            State = "replanned",
            Told = Told.Card,
            Details = (_, _) => "its plan has changed; earlier approvals are void",
        },
        new EventKind<ChangeApproved>("change-approved.v1")
        {
            Word = "approved",
            Deed = "approvals",
            State = "approved",
            Told = Told.Card,
            Answer = _ => "approved; it waits for more consent",
        },
        new EventKind<ChangeTightened>("change-tightened.v1")
        {
            Word = "tightened",
            State = "tightened",
            Told = Told.Card,
            Details = (_, e) => $"policy has become stricter: {Counts.Of(e.Needs.Total, "approval")} ({e.Needs.Roles})",
        },
        // The last approval comes in the same append and has its line.
        new EventKind<ChangeAccepted>("change-accepted.v1")
        {
            Word = "approved",
            State = "accepted",
            Told = Told.Card,
            Details = (after, e) => after.Changes[e.Number].Needs.Total == 0 ? "by policy" : null,
            Answer = e => $"approved, to be applied as revision {e.Revision}",
        },
        new EventKind<ChangeRenumbered>("change-renumbered.v1")
        {
            Word = "renumbered",
            Details = (_, e) => $"to be applied as revision {e.Revision}",
        },
        new EventKind<ChangeForced>("change-forced.v1")
        {
            Word = "forced",
            State = "forced",
            Told = Told.Everybody,
            Details = (_, e) => Because(e.Reason).Trim(),
            Texts = (e, change) => e with { Reason = change("reason", e.Reason) },
        },
        new EventKind<ChangeDenied>("change-denied.v1")
        {
            Word = "denied",
            Deed = "denials",
            State = "denied",
            Told = Told.Card,
            Details = (_, e) => Because(e.Reason).Trim(),
            NotOpened = (e, who) => $"denied by {who}: \"{e.Reason}\"",
            Texts = (e, change) => e with { Reason = change("reason", e.Reason) },
        },
        new EventKind<ChangeWithdrawn>("change-withdrawn.v1")
        {
            Word = "withdrawn",
            Deed = "withdrawals",
            State = "withdrawn",
            Told = Told.Card,
            NotOpened = (_, who) => $"withdrawn by {who}",
        },
        new EventKind<ChangeExpired>("change-expired.v1")
        {
            Word = "expired",
            State = "expired",
            Told = Told.Card,
            Details = (_, _) => "nobody decided in time",
            NotOpened = (_, _) => "nobody decided in time",
        },
        new EventKind<ChangeDelayed>("change-delayed.v1")
        {
            Word = "delayed",
            State = "delayed",
            Told = Told.Card,
            Details = (_, e) => e.Error,
        },
        new EventKind<ChangeStuck>("change-stuck.v1")
        {
            Word = "stuck",
            State = "stuck",
            Told = Told.Card,
            IsFailure = true,
            Details = (_, e) => e.Error,
        },
        new EventKind<ChangeRetried>("change-retried.v1")
        {
            Word = "retried",
            State = "retried",
            Told = Told.Card,
            Answer = _ => "to be tried again",
        },
        new EventKind<ChangeApplied>("change-applied.v1")
        {
            Word = "applied",
            State = "applied",
            Told = Told.Card,
            Details = (_, e) => $"revision {e.Revision}{Took(e)}",
        },
        new EventKind<ChangeFailed>("change-failed.v1")
        {
            Word = "failed",
            Deed = "failures",
            State = "failed",
            Told = Told.Card,
            IsFailure = true,
            Details = (_, e) => $"while {e.Step}: {e.Error}; revision {e.Running} runs",
            NotOpened = (e, _) => $"failed while {e.Step}: {e.Error}",
        },
        new EventKind<QuestionAsked>("question-asked.v1")
        {
            Word = "asked",
            Deed = "questions",
            Details = (_, e) => e.Line,
            Texts = (e, change) => e with { Line = change("line", e.Line) },
        },
        new EventKind<PersonForgotten>("person-forgotten.v1")
        {
            Word = "forgotten",
            Details = (_, e) => $"the name and the reasons of {e.Platform}:{e.Id}",
        },
        new EventKind<PolicyChanged>("policy-changed.v1")
        {
            Word = "enforced",
            Details = (_, e) => $"another policy file: {string.Join(", ", e.Places)}; SHA-256 {e.Former[..12]} before, {e.Hash[..12]} now",
        },
        new EventKind<SigningKeyAnnounced>("signing-key-announced.v1")
        {
            Word = "announced",
            Details = (_, e) => $"signing key {e.Key}, after {e.Former}",
        },
    ];

    private static readonly Dictionary<string, EventKind> ByName = All.ToDictionary(k => k.Name, StringComparer.Ordinal);
    private static readonly Dictionary<Type, EventKind> ByType = All.ToDictionary(k => k.Type);

    /// <summary>All stored names.</summary>
    public static IEnumerable<string> Names => All.Select(k => k.Name);

    /// <summary>The row of an event.</summary>
    public static EventKind Of(GatewayEvent @event) =>
        ByType.TryGetValue(@event.GetType(), out var kind)
            ? kind
            : throw new InvalidOperationException($"{@event.GetType().Name} has no row; add it to EventTypes");

    /// <summary>The row of an effect.</summary>
    public static EffectKind Of(Effect effect) => (EffectKind)Of((GatewayEvent)effect);

    /// <summary>The name under which an event is stored.</summary>
    public static string NameOf(GatewayEvent @event) => Of(@event).Name;

    /// <summary>The event's data as JSON.</summary>
    public static JsonElement ToJson(GatewayEvent @event) => JsonSerializer.SerializeToElement(@event, @event.GetType(), EventJson.Options);

    /// <summary>Reads an event; throws <see cref="JsonException"/> for a name or a shape that this program does not know.</summary>
    public static GatewayEvent FromJson(string name, JsonElement data) =>
        ByName.TryGetValue(name, out var kind)
            ? (GatewayEvent?)data.Deserialize(kind.Type, EventJson.Options) ?? throw new JsonException($"{name} without data")
            : throw new JsonException($"unknown event type \"{name}\": it was written by a newer version of this program");

    private static string Because(string? reason) => reason is null ? "" : $" because \"{reason}\"";

    private static string Took(ChangeApplied e) =>
        e.Steps.TryGetValue("total", out var total) ? string.Create(CultureInfo.InvariantCulture, $", {total} ms") : "";
}
