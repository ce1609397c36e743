using System.Collections.Immutable;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Decisions;

/// <summary>What one change has opened until one moment.</summary>
/// <param name="Opener">The number of the change.</param>
/// <param name="Endpoints">The endpoints, in their order.</param>
public sealed record Lease(int Opener, DateTimeOffset Until, ImmutableArray<PublicEndpoint> Endpoints)
{
    /// <summary>The endpoints as typed.</summary>
    public string Text => Lists.Text(Endpoints);
}

/// <summary>What closes by itself when its time is up, and what people are told of it before and after.</summary>
public static class Leases
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>What runs and is due to be closed, and is not being closed yet.</summary>
    public static IEnumerable<Lease> Due(GatewayState state, DateTimeOffset now)
    {
        var desired = state.Desired.Exposures;
        return LeasesOf(
            state.Running.Exposures.Values.Where(x =>
                desired.TryGetValue(x.Endpoint, out var stays) && stays.Options is { For: null } && stays.Options.Until <= now
            )
        );
    }

    /// <summary>Closes what is due, or says why it must wait. Nobody has to approve it: that was done with the end of its time.</summary>
    public static Decision Close(GatewayState state, Lease lease, DateTimeOffset now)
    {
        // The state may have moved since the lease was seen to be due.
        if (Due(state, now).All(l => l.Opener != lease.Opener || l.Until != lease.Until || !l.Endpoints.SequenceEqual(lease.Endpoints)))
            return new Decision.Refused(new($"{lease.Text} is not due any more."));
        if (FailuresOf(state, lease) is { Count: > 0 } failures && now < PauseAfter(failures))
            return new Decision.Refused(
                new($"closing {lease.Text} failed (#{failures[^1].Number})", $"show {failures[^1].Number}", $"unexpose {lease.Text}")
            );
        var closed = lease.Endpoints.Select(e => new ExposureClosed(state.NextNumber, e)).ToImmutableArray<Effect>();
        return Drifting.Blocks(state, closed) is { } blocked
            ? new Decision.Refused(blocked)
            : Decider.DecideByItself(state, $"unexpose {lease.Text}", $"its time is up ({SaidOf(state, lease)})", closed);
    }

    /// <summary>What people should know: what ends soon, and what should have ended.</summary>
    /// <param name="atMost">How long before the end at most; a tenth of the whole time when that is shorter.</param>
    public static IEnumerable<Finding> Findings(GatewayState state, DateTimeOffset now, TimeSpan atMost)
    {
        foreach (var lease in LeasesOf(state.Running.Exposures.Values.Where(x => x.Options.Until > now && x.Options.Until <= now + atMost)))
        {
            var since = (SetterOf(state, lease)?.Status as ChangeStatus.Applied)?.At;
            if (since is null || lease.Until - now <= (lease.Until - since) / 10)
                yield return new(
                    AlertKind.Expiry,
                    lease.Text,
                    $"{Lists.Spoken(lease.Endpoints)} on {state.Name} closes by itself at {Lifetimes.Moment(lease.Until)}",
                    null,
                    $"extend {lease.Opener} for 1h"
                );
        }

        foreach (var lease in Due(state, now))
        {
            if (Close(state, lease, now) is Decision.Refused { Refusal: var why })
                yield return new(
                    AlertKind.Overdue,
                    lease.Text,
                    $"{Lists.Spoken(lease.Endpoints)} on {state.Name} should be closed since {Lifetimes.Moment(lease.Until)} and is open: {why.Sentence}",
                    null,
                    why.Next
                );
        }
    }

    private static IEnumerable<Lease> LeasesOf(IEnumerable<Exposure> exposures) =>
        exposures
            .Where(x => x.Options.Until is not null)
            .GroupBy(x => (x.Change, x.Options.Until!.Value))
            .Select(g => new Lease(g.Key.Change, g.Key.Value, [.. g.Select(x => x.Endpoint)]));

    // The change that said the end: the one that opened it, or the one that extended it last.
    private static Change? SetterOf(GatewayState state, Lease lease) =>
        state
            .Changes.NewestFirst(from: lease.Opener)
            .FirstOrDefault(c => c.Status is ChangeStatus.Applied && c.Effects.Any(e => Lifetimes.EndOf(e) == lease.Until));

    private static string SaidOf(GatewayState state, Lease lease)
    {
        if (SetterOf(state, lease) is not { } change)
            return $"until {Lifetimes.Moment(lease.Until)}";
        var at = Math.Max(
            change.Line.LastIndexOf(" for ", StringComparison.Ordinal),
            change.Line.LastIndexOf(" until ", StringComparison.Ordinal)
        );

        // The number and not the name: a step of ours says it, whose texts are not erased with the person.
        return $"{(at < 0 ? $"until {Lifetimes.Moment(lease.Until)}" : change.Line[(at + 1)..])}, #{change.Number}";
    }

    private static List<(int Number, DateTimeOffset At)> FailuresOf(GatewayState state, Lease lease) =>
        [
            .. state
                .Changes.NewestFirst(from: lease.Opener + 1)
                .Where(c => c.By.IsSameAs(Actor.Reconcile))
                .Where(c => c.Effects.OfType<ExposureClosed>().Any(e => lease.Endpoints.Contains(e.Endpoint)))
                .Select(c => (c.Number, c.Status as ChangeStatus.Failed))
                .Where(c => c.Item2?.At >= lease.Until)
                .Select(c => (c.Number, c.Item2!.At))
                .OrderBy(c => c.Number),
        ];

    // What has failed is tried again, but less and less often.
    private static DateTimeOffset PauseAfter(List<(int Number, DateTimeOffset At)> failures) =>
        failures[^1].At + TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(failures.Count - 1, 10)));
}
