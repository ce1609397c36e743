using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>
/// Exposures that stay for a time only. Everything here looks at what is and not at what has happened, so it makes no difference who was
/// off when the time came.
/// </summary>
public static class Lifetimes
{
    /// <summary>An edge without what should be closed by now.</summary>
    public static Edge Within(this Edge edge, DateTimeOffset now) =>
        edge with
        {
            Exposures = edge.Exposures.RemoveRange(edge.Exposures.Values.Where(x => x.Options.Until <= now).Select(x => x.Endpoint)),
        };

    /// <summary>
    /// Effects as they are once the gateway has confirmed them: what is to be open for a length of time is so from then on.
    /// </summary>
    /// <param name="effects">The effects as they were proposed.</param>
    /// <param name="opened">When the gateway confirmed them.</param>
    public static IEnumerable<Effect> Begun(IEnumerable<Effect> effects, DateTimeOffset opened) =>
        effects.Select(effect =>
            effect switch
            {
                ExposureOpened { Options: { For: { } length } options } e => e with
                {
                    Options = options.Endless with { Until = EndOf(opened, length) },
                },
                ExposureExtended { For: { } length } e => e with { Until = EndOf(opened, length), For = null },
                _ => effect,
            }
        );

    /// <summary>The effects of a change that has been confirmed, with the ends that its events have said.</summary>
    public static ImmutableArray<Effect> Settled(ImmutableArray<Effect> effects, Edge running)
    {
        return effects.Any(e => e is ExposureOpened { Options.For: not null } or ExposureExtended { For: not null })
            ? [.. effects.Select(Settle)]
            : effects;

        Effect Settle(Effect effect) =>
            effect switch
            {
                ExposureOpened { Options.For: not null } e when running.Exposures.TryGetValue(e.Endpoint, out var open) => e with
                {
                    Options = open.Options,
                },
                ExposureExtended { For: not null } e
                    when running.Exposures.TryGetValue(e.Endpoint, out var open) && open.Options.Until is { } until => e with
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

    /// <summary>A moment as people read it, in the zone in which it was said.</summary>
    public static string Moment(DateTimeOffset time) =>
        time.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture).Replace(" +00:00", " UTC", StringComparison.Ordinal);

    /// <summary>When what an effect opens, or keeps open, ends; null for never, or for a length that has not begun.</summary>
    internal static DateTimeOffset? EndOf(Effect effect) =>
        effect switch
        {
            ExposureOpened e => e.Options?.Until,
            ExposureExtended { For: null } e => e.Until,
            _ => null,
        };

    // In whole seconds, as the gateway counts.
    private static DateTimeOffset EndOf(DateTimeOffset opened, TimeSpan length) =>
        DateTimeOffset.FromUnixTimeSeconds(opened.ToUnixTimeSeconds()) + length;
}
