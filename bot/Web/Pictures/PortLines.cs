using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Bot.Replies;
using ChatOps.Core.Changes;
using ChatOps.Core.Gateways;
using ChatOps.Core.Planning;
using ChatOps.Core.Values;

namespace ChatOps.Bot.Web.Pictures;

/// <summary>What is open on a gateway, a line each; when that is more than a picture can hold, a line a VM.</summary>
internal sealed class PortLines(GatewayState state, Troubles troubles, Rates? rates, TimeZoneInfo zone)
{
    private const int MostOneByOne = 32;
    private const int MostGroups = 24;
    private const int MostRanges = 6;

    /// <summary>The lines of those exposures that a text is in: in their endpoint, where they lead, or their certificate.</summary>
    public PortsPicture Of(string find)
    {
        var all = state.Running.Exposures.Values.Where(x => IsMeant(x, find)).ToList();
        if (all.Count <= MostOneByOne)
            return new(state.Running.Exposures.Count, all.Count, false, [.. all.Select(OfOne).OrderBy(l => l.Trouble is null)]);
        var groups = all.GroupBy(x => x.Targets[0].Vm).Select(g => (Group: OfMany(g.Key, [.. g]), Key: g.Key)).ToList();

        // Narrowed to one VM that has too many still: there is nothing to group by any more.
        if (groups.Count == 1)
            return new(state.Running.Exposures.Count, MostOneByOne, false, [.. all.Take(MostOneByOne).Select(OfOne).OrderBy(l => l.Trouble is null)]);
        ImmutableArray<PortPicture> shown = [.. groups.Select(g => g.Group).OrderBy(l => l.Trouble is null).ThenByDescending(l => l.Count).ThenBy(l => l.Targets, StringComparer.Ordinal).Take(MostGroups)];
        return new(state.Running.Exposures.Count, shown.Sum(l => l.Count), true, shown);
    }

    private static bool IsMeant(Exposure exposure, string find) =>
        find.Length == 0
        || exposure.Endpoint.Spoken.Contains(find, StringComparison.OrdinalIgnoreCase)
        || exposure.Endpoint.ToString().Contains(find, StringComparison.OrdinalIgnoreCase)
        || exposure.TargetText.Contains(find, StringComparison.OrdinalIgnoreCase)
        || exposure.Options.Words.Contains(find, StringComparison.OrdinalIgnoreCase);

    private PortPicture OfOne(Exposure exposure)
    {
        var engines = EnginesOf(exposure);
        var options = exposure.Options;
        string?[] details =
        [
            options.From is { } from ? $"from {from}" : null,
            options.Until is { } until ? $"until {Times.Minute(until, zone)}" : null,
            options.SendsProxy ? "PROXY protocol" : null,
            options.As is { } service ? service.ToString().ToLowerInvariant() : null,
        ];
        return new(
            exposure.Endpoint.Spoken,
            string.Join(", ", details.OfType<string>()),
            1,
            NamesOf(engines),
            options.Certificate?.ToString(),
            exposure.TargetText,
            [.. exposure.Targets.Select(t => t.Vm.ToString()).Distinct()],
            exposure.Change == 0 ? "" : ChangeCard.KeyOf(state.Name, exposure.Change),
            exposure.Endpoint.Port is { } port ? rates?.Of(new HashSet<PublicPort> { port }) : null,
            troubles.Of(exposure, engines),
            exposure.Endpoint.Web is { } web ? $"host {web} at {state.Name}" : $"port {exposure.Endpoint} at {state.Name}",
            ""
        );
    }

    private PortPicture OfMany(Name<Vm> vm, IReadOnlyList<Exposure> exposures)
    {
        if (exposures.Count == 1)
            return OfOne(exposures[0]);
        ImmutableArray<Engine> engines = [.. exposures.SelectMany(x => EnginesOf(x)).Distinct().Order()];
        var bad = exposures.Select(x => troubles.Of(x, EnginesOf(x))).Where(t => t is not null).ToList();
        var ports = exposures.SelectMany(x => x.Endpoint.Port is { } port ? [port] : Array.Empty<PublicPort>()).ToHashSet();
        return new(
            string.Create(CultureInfo.InvariantCulture, $"{exposures.Count:N0} ports"),
            RangesOf(exposures),
            exposures.Count,
            NamesOf(engines),
            exposures.Any(x => x.Options.Certificate is not null) ? "some" : null,
            vm.ToString(),
            [vm.ToString()],
            "",
            rates?.Of(ports),
            bad.Count == 0 ? null : bad.Count == 1 ? bad[0] : $"{bad[0]}; and {bad.Count - 1} more",
            $"vm {vm} at {state.Name}",
            vm.ToString()
        );
    }

    private ImmutableArray<Engine> EnginesOf(Exposure exposure) => [.. EngineChoice.RoutesOf(exposure, state.Running).Select(r => r.Route.Engine).Distinct()];

    private static ImmutableArray<string> NamesOf(IReadOnlyCollection<Engine> engines) => [.. EngineNames.All.Where(e => engines.Contains(e.Engine)).Select(e => e.Name)];

    // tcp 80, tcp 19000-19009, udp 53: neighbours as one.
    private static string RangesOf(IReadOnlyList<Exposure> exposures)
    {
        var texts = new List<string>();
        foreach (var protocol in exposures.Where(x => x.Endpoint.Port is not null).Select(x => x.Endpoint.Port!.Value).GroupBy(p => p.ProtocolName))
        {
            int[] numbers = [.. protocol.Select(p => (int)p.Port.Number).Order()];
            for (int from = 0, to = 0; from < numbers.Length; from = ++to)
            {
                while (to + 1 < numbers.Length && numbers[to + 1] == numbers[to] + 1)
                    to++;
                texts.Add(string.Create(CultureInfo.InvariantCulture, $"{protocol.Key} {numbers[from]}{(to > from ? $"-{numbers[to]}" : "")}"));
            }
        }

        texts.AddRange(exposures.Where(x => x.Endpoint.Web is not null).Select(x => x.Endpoint.ToString()));
        return texts.Count <= MostRanges ? string.Join(", ", texts) : $"{string.Join(", ", texts.Take(MostRanges))} and {texts.Count - MostRanges} more";
    }
}
