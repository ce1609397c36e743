using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Audit;

namespace ChatOps.Core.Decisions.Policy;

/// <summary>A question as it was understood by someone's clock, among the gateways that there are.</summary>
/// <param name="Search">What to look for.</param>
/// <param name="InWords">What was understood, for the first line of the answer.</param>
/// <param name="Range">The time that was understood.</param>
/// <param name="Zone">Whose clock.</param>
public sealed record AuditResolution(AuditSearch Search, string InWords, string Range, TimeZoneInfo Zone)
{
    /// <summary>Makes out names and times; a refusal when that cannot be, or when someone asks for what is hidden from them.</summary>
    /// <param name="hidden">What they do not see.</param>
    public static (AuditResolution? Resolution, Refusal? Refusal) Of(
        AuditFilter filter,
        IReadOnlyCollection<GatewayState> states,
        Speaker speaker,
        Redaction hidden,
        TimeProvider clock
    )
    {
        var now = speaker.Now(clock);
        var zone = speaker.Zone ?? clock.LocalTimeZone;
        var time = filter.Time.In(now, zone);
        if (time.IsEmpty)
            return (null, new($"\"{filter.Time.ToString().Trim()}\" ends before it begins.", "help audit"));

        // Nobody finds by asking what they would not be shown.
        if (filter.Text is { } asked && hidden.HiddenIn(asked).Any())
            return (null, new("addresses and keys of peers are not shown to you, so they cannot be asked for.", "audit", "peers"));
        var literals = filter.Text is { } text ? Redaction.Of(states).HiddenIn(text).ToList() : [];
        var gateways = states.Select(s => s.Name).Where(g => filter.Names.Contains(g.ToString())).ToList();
        var names = filter.Names.RemoveRange(gateways.Select(g => g.ToString()));
        ImmutableArray<FormerName> former =
        [
            .. states.SelectMany(s =>
                names.SelectMany(n => s.Renames.Before(n)).Distinct().Select(b => new FormerName(s.Name, b.Name, b.Given))
            ),
        ];
        var search = new AuditSearch
        {
            Gateways = [.. filter.At is { } at ? gateways.Append(at).Distinct() : gateways],
            Names = names,
            Former = former,
            Endpoints = [.. filter.Endpoints.SelectMany(e => e.Endpoints).Distinct()],
            Changes = filter.Changes,
            Words = filter.Words,
            By = filter.By,
            Text =
                literals.Count == 0 ? filter.Text : literals.Aggregate(filter.Text!, (t, l) => t.Replace(l, " ", StringComparison.Ordinal)),
            Hidden = [.. literals],
            Time = time,
        };
        var before = former.Select(f => f.Name).Except(names).Distinct().ToList();
        return (
            new(
                search,
                before.Count == 0 ? filter.InWords : $"{filter.InWords} · formerly {string.Join(" or ", before)}",
                time.InWords(zone),
                zone
            ),
            null
        );
    }

    /// <summary>Why nothing was found, when a name in the question is nobody's; null when it is somebody's.</summary>
    public static Refusal? Unknown(AuditFilter filter, Vocabulary known)
    {
        if (filter.Names.FirstOrDefault(n => !known.Names.Contains(n) && !known.Gateways.Contains(n)) is { } name)
            return Suggest(
                $"no VM, peer or gateway is called {name}",
                name,
                [.. known.Names, .. known.Gateways, .. AuditReader.Keywords],
                filter.Line
            );
        if (filter.By is { } by && !known.People.Contains(by, StringComparer.OrdinalIgnoreCase))
            return Suggest($"nobody called {by} has done anything here", by, known.People, filter.Line);
        return null;
    }

    private static Refusal Suggest(string sentence, string typed, IEnumerable<string> candidates, string line)
    {
        if (DidYouMean.Closest(typed, candidates) is not { } meant)
            return new($"{sentence}.", "audit");
        var words = line.Split(' ');
        return new($"{sentence}. Did you mean {meant}?", $"audit {string.Join(' ', words.Select(w => w == typed ? meant : w))}");
    }
}
