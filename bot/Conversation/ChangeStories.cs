using System.Collections.Immutable;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Planning;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Audit;
using ChatOps.Rendering;

namespace ChatOps.Bot.Conversation;

/// <param name="Lines">What the log says of it, oldest first.</param>
internal sealed record ChangeStory(
    Name<Gateway> Gateway,
    Change Change,
    Plan Plan,
    IReadOnlyList<FileDiff> Diffs,
    IReadOnlyList<AuditLine> Lines
)
{
    private static readonly string[] StepOrder = ["rendering", "validating", "switching", "checking", "verifying", "confirming", "total"];

    public PlanWords Words => PlanWords.Of(Plan, Change.Line, Diffs, isWhole: true);

    /// <summary>How long each step of applying it took, in the order in which they come.</summary>
    public IEnumerable<(string Name, int Milliseconds)> Steps =>
        Change.Status is ChangeStatus.Applied { Result.Steps: var steps }
            ? StepOrder.Where(steps.ContainsKey).Select(s => (s, steps[s]))
            : [];
}

/// <summary>Tells changes from the log: what was proposed on which edge, and what became of it.</summary>
internal sealed class ChangeStories(IReadModel past, Previews previews)
{
    /// <summary>The story of a change; null when there is no such change.</summary>
    public async Task<ChangeStory?> OfAsync(
        ImmutableSortedDictionary<Name<Gateway>, GatewayState> states,
        Name<Gateway> gateway,
        int number,
        CancellationToken cancel
    )
    {
        if (!states.TryGetValue(gateway, out var state) || !state.Changes.TryGetValue(number, out var change))
            return null;
        var before = await past.BeforeChangeAsync(gateway, number, cancel)
            ?? throw new InvalidOperationException($"#{number} of {gateway} is in the log and not in the read model");
        var plan = Plan.Of(before, change.Effects);
        var lines = await past.ReadAsync(new() { Changes = [new(gateway, number)] }, cancel).ToListAsync(cancel);
        return new(gateway, change, plan, previews.DiffOf(plan), lines);
    }
}
