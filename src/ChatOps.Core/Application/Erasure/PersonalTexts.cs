using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Erasure;

/// <summary>
/// Which texts of a record are a person's own and are erased with them: the display name, the reasons that they gave, and what they asked.
/// The id stays: it tells one person from another, which approvals are about. Which those are, the rows of <see cref="EventTypes"/> say,
/// and a test holds every text of every event against them.
/// </summary>
internal static class PersonalTexts
{
    /// <summary>True for a person; false for a step of ours, whose texts are about nobody.</summary>
    public static bool IsPerson(Actor actor) => actor.Platform != Actor.Apply.Platform;

    public static Actor Change(Actor actor, Func<string, string, string> change) => actor with { Name = change("actor.name", actor.Name) };

    /// <param name="change">Makes the new text of a field's name and its text.</param>
    public static GatewayEvent Change(GatewayEvent @event, Func<string, string, string> change) =>
        EventTypes.Of(@event).WithTexts(@event, change);
}
