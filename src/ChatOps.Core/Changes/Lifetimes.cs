using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Core.Commands;
using ChatOps.Core.Gateways;
using ChatOps.Core.Policy;
using ChatOps.Core.Values;

namespace ChatOps.Core.Changes;

/// <summary>What one change has opened until one moment.</summary>
/// <param name="Opener">The number of the change.</param>
/// <param name="Endpoints">The endpoints, in their order.</param>
public sealed record Lease(int Opener, DateTimeOffset Until, ImmutableArray<PublicEndpoint> Endpoints)
{
    /// <summary>The endpoints as typed.</summary>
    public string Text => Lists.Text(Endpoints);
}

/// <summary>
/// Exposures that stay for a time only. Everything here looks at what is and not at what has happened, so it makes no difference who was off
/// when the time came.
/// </summary>
public static class Lifetimes
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>An edge without what should be closed by now.</summary>
    public static Edge Within(this Edge edge, DateTimeOffset now) =>
        edge with { Exposures = edge.Exposures.RemoveRange(edge.Exposures.Values.Where(x => x.Options.Until <= now).Select(x => x.Endpoint)) };

    /// <summary>Effects as they are once the gateway has confirmed them: what is to be open for a length of time is so from then on.</summary>
    /// <param name="effects">The effects as they were proposed.</param>
    /// <param name="opened">When the gateway confirmed them.</param>
    public static IEnumerable<Effect> Begun(IEnumerable<Effect> effects, DateTimeOffset opened) =>
        effects.Select(effect =>
            effect switch
            {
                ExposureOpened { Options: { For: { } length } options } e => e with { Options = options.Endless with { Until = EndOf(opened, length) } },
                ExposureExtended { For: { } length } e => e with { Until = EndOf(opened, length), For = null },
                _ => effect,
            }
        );

    /// <summary>The effects of a change that has been confirmed, with the ends that its events have said.</summary>
    public static ImmutableArray<Effect> Settled(ImmutableArray<Effect> effects, Edge running)
    {
        return effects.Any(e => e is ExposureOpened { Options.For: not null } or ExposureExtended { For: not null }) ? [.. effects.Select(Settle)] : effects;

        Effect Settle(Effect effect) =>
            effect switch
            {
                ExposureOpened { Options.For: not null } e when running.Exposures.TryGetValue(e.Endpoint, out var open) => e with { Options = open.Options },
                ExposureExtended { For: not null } e when running.Exposures.TryGetValue(e.Endpoint, out var open) && open.Options.Until is { } until => e with
                {
                    Until = until,
                    For = null,
                },
                _ => effect,
            };
    }

    /// <summary>Why effects come too late, or null: they would open for a time that is over.</summary>
    public static Refusal? Over(Change change, DateTimeOffset now)
    {
        var until = change.Effects.Select(EndOf).Where(u => u <= now).Max();
        return until is null ? null : new($"#{change.Number} was to open until {Moment(until.Value)}, which is over.", change.Line);
    }

    /// <summary>What runs and is due to be closed, and is not being closed yet.</summary>
    public static IEnumerable<Lease> Due(GatewayState state, DateTimeOffset now)
    {
        var desired = state.Desired.Exposures;
        return LeasesOf(state.Running.Exposures.Values.Where(x => desired.TryGetValue(x.Endpoint, out var stays) && stays.Options is { For: null } && stays.Options.Until <= now));
    }

    /// <summary>Closes what is due, or says why it must wait. Nobody has to approve it: that was done with the end of its time.</summary>
    public static Decision Close(GatewayState state, Lease lease, DateTimeOffset now)
    {
        // The state may have moved since the lease was seen to be due.
        if (Due(state, now).All(l => l.Opener != lease.Opener || l.Until != lease.Until || !l.Endpoints.SequenceEqual(lease.Endpoints)))
            return new Decision.Refused(new($"{lease.Text} is not due any more."));
        if (FailuresOf(state, lease) is { Count: > 0 } failures && now < PauseAfter(failures))
            return new Decision.Refused(new($"closing {lease.Text} failed (#{failures[^1].Number})", $"show {failures[^1].Number}", $"unexpose {lease.Text}"));
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
                yield return new(AlertKind.Expiry, lease.Text, $"{Lists.Spoken(lease.Endpoints)} on {state.Name} closes by itself at {Moment(lease.Until)}", null, $"extend {lease.Opener} for 1h");
        }

        foreach (var lease in Due(state, now))
        {
            if (Close(state, lease, now) is Decision.Refused { Refusal: var why })
                yield return new(AlertKind.Overdue, lease.Text, $"{Lists.Spoken(lease.Endpoints)} on {state.Name} should be closed since {Moment(lease.Until)} and is open: {why.Sentence}", null, why.Next);
        }
    }

    /// <summary>A moment as people read it, in the zone in which it was said.</summary>
    public static string Moment(DateTimeOffset time) =>
        time.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture).Replace(" +00:00", " UTC", StringComparison.Ordinal);

    private static IEnumerable<Lease> LeasesOf(IEnumerable<Exposure> exposures) =>
        exposures
            .Where(x => x.Options.Until is not null)
            .GroupBy(x => (x.Change, x.Options.Until!.Value))
            .Select(g => new Lease(g.Key.Change, g.Key.Value, [.. g.Select(x => x.Endpoint)]));

    private static DateTimeOffset? EndOf(Effect effect) =>
        effect switch
        {
            ExposureOpened e => e.Options?.Until,
            ExposureExtended { For: null } e => e.Until,
            _ => null,
        };

    // In whole seconds, as the gateway counts.
    private static DateTimeOffset EndOf(DateTimeOffset opened, TimeSpan length) => DateTimeOffset.FromUnixTimeSeconds(opened.ToUnixTimeSeconds()) + length;

    // The change that said the end: the one that opened it, or the one that extended it last.
    private static Change? SetterOf(GatewayState state, Lease lease) =>
        state.Changes.NewestFirst(from: lease.Opener).FirstOrDefault(c => c.Status is ChangeStatus.Applied && c.Effects.Any(e => EndOf(e) == lease.Until));

    private static string SaidOf(GatewayState state, Lease lease)
    {
        if (SetterOf(state, lease) is not { } change)
            return $"until {Moment(lease.Until)}";
        var at = Math.Max(change.Line.LastIndexOf(" for ", StringComparison.Ordinal), change.Line.LastIndexOf(" until ", StringComparison.Ordinal));

        // The number and not the name: a step of ours says it, whose texts are not erased with the person.
        return $"{(at < 0 ? $"until {Moment(lease.Until)}" : change.Line[(at + 1)..])}, #{change.Number}";
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
