using System.Collections.Immutable;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Bot.Replies;

/// <summary>What a gateway has counted, in lines of at most 80 characters: a line an exposure, peer, backend and counter.</summary>
internal sealed class StatsWords
{
    private const int PlotWidth = 20;
    private const int LineWidth = 80;

    private readonly GatewayState _state;
    private readonly ImmutableArray<StatsSample> _samples;
    private readonly DateTimeOffset _now;
    private readonly string? _missed;

    /// <param name="samples">Its last samples, oldest first.</param>
    /// <param name="missed">Why it did not answer when it was last asked; null when it did.</param>
    public StatsWords(GatewayState state, ImmutableArray<StatsSample> samples, DateTimeOffset now, string? missed = null) =>
        (_state, _samples, _now, _missed) = (state, samples, now, missed);

    /// <summary>How old the figures are, and what is of the whole gateway.</summary>
    public string Head =>
        _samples is [.., var last]
            ? Invariant(
                $"{_state.Name} · {Times.Ago(_now - last.At)} · load {last.Stats.Load / 100.0:0.00} · {last.Stats.ConntrackCount} of {last.Stats.ConntrackMax} connections tracked"
            )
            : $"{_state.Name} · no figures yet{(_missed is null ? "; it is asked every few seconds" : "")}";

    public IEnumerable<string> Trouble =>
        _missed is null ? [] : [Fit($"  ! it did not say what it has counted: {_missed.ReplaceLineEndings(" ")}")];

    /// <summary>What the columns of <see cref="Overview"/> are.</summary>
    public string Columns =>
        Row("port", "in", "out", "opened", "open", _samples.Length > 1 ? $"last {Times.Length(_samples[^1].At - _samples[0].At)}" : "");

    /// <summary>A line an exposure, for all of them or those that lead to a VM; then peers, backends and counters.</summary>
    public IEnumerable<string> Overview(Name<Vm>? vm)
    {
        if (_samples is not [.., { Stats: var stats }])
            return [];
        var exposures = (vm is { } only ? _state.Running.LeadingTo(only) : _state.Running.Exposures.Values).ToList();
        var web = exposures.Where(x => x.Endpoint.Web is not null).SelectMany(x => x.Ports).Distinct().Order();
        var ports = exposures
            .Where(x => x.Endpoint.Port is not null)
            .Select(x => (Port: x.Endpoint.Port!.Value, Name: x.Endpoint.ToString()));
        var lines = ports.Concat(web.Select(p => (p, $"{p} (web)"))).Select(p => OfPort(stats, p.Item1, p.Item2));
        return
        [
            .. lines,
            .. exposures
                .Where(x => x.Endpoint.Web is not null)
                .Select(x => Fit($"  {x.Endpoint}  has no counter of its own: it shares the web's ports")),
            .. PeersOf(stats, vm),
            .. BackendsOf(stats, [.. exposures]),
            .. vm is null
                ? stats.Counters.Select(c =>
                    Fit(Invariant($"  firewall, {c.Key}: {Counts.Of(c.Value.Packets, "packet")}, {Sizes.Of(c.Value.Bytes)}"))
                )
                : [],
        ];
    }

    /// <summary>One exposure in full, by the clients' family.</summary>
    public IEnumerable<string> Detail(Exposure exposure)
    {
        if (_samples is not [.., { Stats: var stats }])
            return [];
        ImmutableArray<PublicPort> ports = [.. exposure.Ports];
        var note = exposure.Endpoint.Web is null ? "" : "  web addresses have no counters of their own; they share these:";
        var lines = new List<string>();
        if (note.Length > 0)
            lines.Add(note);
        foreach (var port in ports)
        {
            foreach (var family in _state.Running.Gateway!.Families)
            {
                var sum = Traffic.Sum(stats.Ports.Where(p => p.Port == port && p.Clients == family));
                var name = $"{(ports.Length > 1 ? $"{port} " : "")}{family}";
                lines.Add(
                    Invariant(
                        $"  {name, -10} in  {sum.In.Packets, 12} {Counts.Noun(sum.In.Packets, "packet"), -7} {sum.In.Bytes, 15} {Counts.Noun(sum.In.Bytes, "byte"), -5} {sum.Opened, 9} opened"
                    )
                );
                lines.Add(
                    Invariant(
                        $"  {"", -10} out {sum.Out.Packets, 12} {Counts.Noun(sum.Out.Packets, "packet"), -7} {sum.Out.Bytes, 15} {Counts.Noun(sum.Out.Bytes, "byte"), -5} {sum.Open, 9} open"
                    )
                );
            }
        }

        var bytes = Growth.Of(_samples, p => ports.Contains(p.Port), p => p.In.Bytes + p.Out.Bytes);
        var opened = Growth.Of(_samples, p => ports.Contains(p.Port), p => p.Opened);
        if (bytes.Length > 0)
        {
            lines.Add($"  bytes/s   {Plot(bytes)}  now {Sizes.Of(bytes[^1].Rate)}, at most {Sizes.Of(bytes.Max(g => g.Rate))}");
            lines.Add(Invariant($"  opened/s  {Plot(opened)}  now {opened[^1].Rate:0.#}, at most {opened.Max(g => g.Rate):0.#}"));
        }

        return [.. lines.Select(Fit), .. BackendsOf(stats, [exposure])];
    }

    private string OfPort(GatewayStats stats, PublicPort port, string name)
    {
        var sum = Traffic.Sum(stats.Ports.Where(p => p.Port == port));
        var plot = Plot(Growth.Of(_samples, p => p.Port == port, p => p.In.Bytes + p.Out.Bytes));
        return Row(name, Sizes.Of(sum.In.Bytes), Sizes.Of(sum.Out.Bytes), Invariant($"{sum.Opened}"), Invariant($"{sum.Open}"), plot);
    }

    private IEnumerable<string> PeersOf(GatewayStats stats, Name<Vm>? vm)
    {
        var known = stats.Peers.ToDictionary(p => p.Key);
        foreach (
            var peer in _state.Running.Peers.Values.Where(p =>
                vm is not { } only || (_state.Running.Vms.TryGetValue(only, out var v) && v.Addresses.Contains(p.Address))
            )
        )
        {
            var seen = known.GetValueOrDefault(peer.Key);
            var handshake = seen?.Handshake is { } at ? $"handshake {Times.Ago(_now - at)}" : "no handshake yet";
            yield return Fit(
                $"  {$"peer {peer.Name}", -12} {Sizes.Of(seen?.Received ?? 0), 9} {Sizes.Of(seen?.Sent ?? 0), 9}  {handshake}"
            );
        }
    }

    private IEnumerable<string> BackendsOf(GatewayStats stats, ImmutableArray<Exposure> exposures)
    {
        foreach (var backend in stats.Backends)
        {
            if (backend.Of(_state.Running) is { } known && exposures.Any(x => x.Endpoint == known.Exposure.Endpoint))
                yield return Fit(
                    Invariant(
                        $"  {known.Exposure.Endpoint} {known.Clients} -> {known.Target}: {(backend.IsUp ? "up" : "down")}, {backend.Current} open, {backend.Total} in all"
                    )
                );
        }
    }

    private static string Plot(ImmutableArray<Growth> growths) => Sparkline.Of([.. growths.Select(g => g.Rate)], PlotWidth);

    private static string Row(string name, string into, string outOf, string opened, string open, string plot) =>
        Fit($"  {name, -12} {into, 9} {outOf, 9} {opened, 8} {open, 6}  {plot}".TrimEnd());

    private static string Fit(string line) => line.Length <= LineWidth ? line : $"{line[..(LineWidth - 1)]}…";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
