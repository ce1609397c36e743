using System.Text.Json;
using ChatOps.Core.Audit;
using ChatOps.Core.Changes;
using ChatOps.Core.Gateways;

namespace ChatOps.Core.Log;

/// <summary>
/// The stored names of events. They are storage format: written by hand, never derived from a type's name, and never reused. A changed shape
/// gets a new name (<c>.v2</c>) and the old one keeps its reader.
/// </summary>
public static class EventTypes
{
    private static readonly (string Name, Type Type)[] Table =
    [
        ("gateway-added.v1", typeof(GatewayAdded)),
        ("gateway-changed.v1", typeof(GatewayChanged)),
        ("gateway-removed.v1", typeof(GatewayRemoved)),
        ("host-key-pinned.v1", typeof(HostKeyPinned)),
        ("overlay-seen.v1", typeof(OverlaySeen)),
        ("vm-added.v1", typeof(VmAdded)),
        ("vm-removed.v1", typeof(VmRemoved)),
        ("vm-renamed.v1", typeof(VmRenamed)),
        ("peer-added.v1", typeof(PeerAdded)),
        ("peer-removed.v1", typeof(PeerRemoved)),
        ("peer-rekeyed.v1", typeof(PeerRekeyed)),
        ("peer-renamed.v1", typeof(PeerRenamed)),
        ("exposure-opened.v1", typeof(ExposureOpened)),
        ("exposure-closed.v1", typeof(ExposureClosed)),
        ("exposure-extended.v1", typeof(ExposureExtended)),
        ("rule-added.v1", typeof(RuleAdded)),
        ("rule-removed.v1", typeof(RuleRemoved)),
        ("edge-repaired.v1", typeof(EdgeRepaired)),
        ("alert-raised.v1", typeof(AlertRaised)),
        ("alert-cleared.v1", typeof(AlertCleared)),
        ("change-proposed.v1", typeof(ChangeProposed)),
        ("change-replanned.v1", typeof(ChangeReplanned)),
        ("change-approved.v1", typeof(ChangeApproved)),
        ("change-accepted.v1", typeof(ChangeAccepted)),
        ("change-forced.v1", typeof(ChangeForced)),
        ("change-denied.v1", typeof(ChangeDenied)),
        ("change-withdrawn.v1", typeof(ChangeWithdrawn)),
        ("change-expired.v1", typeof(ChangeExpired)),
        ("change-delayed.v1", typeof(ChangeDelayed)),
        ("change-stuck.v1", typeof(ChangeStuck)),
        ("change-retried.v1", typeof(ChangeRetried)),
        ("change-applied.v1", typeof(ChangeApplied)),
        ("change-failed.v1", typeof(ChangeFailed)),
        ("question-asked.v1", typeof(QuestionAsked)),
        ("person-forgotten.v1", typeof(PersonForgotten)),
        ("signing-key-announced.v1", typeof(SigningKeyAnnounced)),
    ];

    private static readonly Dictionary<string, Type> ByName = Table.ToDictionary(t => t.Name, t => t.Type, StringComparer.Ordinal);
    private static readonly Dictionary<Type, string> ByType = Table.ToDictionary(t => t.Type, t => t.Name);

    /// <summary>All stored names.</summary>
    public static IEnumerable<string> Names => Table.Select(t => t.Name);

    /// <summary>The name under which an event is stored.</summary>
    public static string NameOf(GatewayEvent @event) =>
        ByType.TryGetValue(@event.GetType(), out var name)
            ? name
            : throw new InvalidOperationException($"{@event.GetType().Name} has no stored name; add it to EventTypes");

    /// <summary>The event's data as JSON.</summary>
    public static JsonElement ToJson(GatewayEvent @event) => JsonSerializer.SerializeToElement(@event, @event.GetType(), EventJson.Options);

    /// <summary>Reads an event; throws <see cref="JsonException"/> for a name or a shape that this program does not know.</summary>
    public static GatewayEvent FromJson(string name, JsonElement data) =>
        ByName.TryGetValue(name, out var type)
            ? (GatewayEvent?)data.Deserialize(type, EventJson.Options) ?? throw new JsonException($"{name} without data")
            : throw new JsonException($"unknown event type \"{name}\": it was written by a newer version of this program");
}
