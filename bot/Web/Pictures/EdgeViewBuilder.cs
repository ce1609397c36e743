using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Bot.Web.Pictures;

/// <summary>What of the edge someone is shown, as policy says.</summary>
/// <param name="May">Which of the commands that change what is open they may give.</param>
internal sealed record Shown(bool Vms, bool Peers, bool Traffic, bool List, ImmutableArray<string> May);

/// <summary>Makes the picture of the edge from the states that the log leads to, and what moves in it from what was last heard.</summary>
/// <param name="asker">Who looks, and the states at the time that is shown.</param>
internal sealed class EdgeViewBuilder(QueryContext asker, Shown shown)
{
    // While anything passes, WireGuard shakes hands every two minutes.
    private static readonly TimeSpan LiveHandshake = TimeSpan.FromMinutes(3);

    private IEnumerable<GatewayState> States => asker.States.Values.Where(s => s.Running.Gateway is not null);

    /// <param name="isNow">False for the past.</param>
    public EdgePicture Of(DateTimeOffset time, bool isNow) =>
        new(
            time,
            $"{Times.In(time, asker.Zone)} {asker.Zone.Id}",
            asker.Zone.Id,
            isNow,
            [.. States.Select(Of)],
            asker.States.Values.Sum(s => s.Proposed.Count()),
            [.. ToType()],
            shown.May
        );

    public LivePicture Live(IHealthBoard board) => new(asker.Now, [.. States.Select(s => Live(s, board))]);

    private GatewayPicture Of(GatewayState state)
    {
        var (edge, troubles) = (state.Running, new Troubles(state, null));
        return new(
            state.Name.ToString(),
            [.. edge.Gateway!.Addresses.Select(a => a.ToString())],
            edge.Gateway.Mirrors?.ToString(),
            state.RunningRevision.ToString(),
            troubles.OfGateway(),
            [
                .. state
                    .Alerts.Values.OrderBy(a => a.Since)
                    .Select(a => new AlertPicture(a.Text, Times.In(a.Since, asker.Zone), a.Detail, a.Next)),
            ],
            new OpenPorts(state, troubles, shown.List).All,
            [
                .. edge.Vms.Values.Select(v => new VmPicture(
                    v.Name.ToString(),
                    shown.Vms ? string.Join(", ", v.Addresses) : "",
                    troubles.Of(v.Name)
                )),
            ],
            shown.Peers
                ? [.. edge.Peers.Values.Select(p => new PeerPicture(p.Name.ToString(), AddressOf(p, edge), troubles.Of(p.Name)))]
                : [],
            [.. edge.Rules.Values.Select(r => new RulePicture(r.ToString(), r.InWords))]
        );
    }

    private LiveGateway Live(GatewayState state, IHealthBoard board)
    {
        var health = board.Get(state.Name);
        var rates = shown.Traffic ? new Rates(board, state.Name) : null;
        return new(
            state.Name.ToString(),
            HeardOf(state, health, board),
            health?.Observation is { IsFolder: true },
            new Troubles(state, health).OfGateway(),
            rates?.All,
            rates?.All is null ? null : RatesOf(state, rates),
            rates?.CountedSince,
            shown.Peers ? PeersOf(state, health, board) : ImmutableSortedDictionary<string, LivePeer>.Empty
        );
    }

    private static ImmutableSortedDictionary<string, RatePicture> RatesOf(GatewayState state, Rates rates)
    {
        var found = ImmutableSortedDictionary.CreateBuilder<string, RatePicture>(StringComparer.Ordinal);
        foreach (var exposure in state.Running.Exposures.Values)
        {
            if (exposure.Endpoint.Port is { } port && rates.Of(port, state.OpenedAt(exposure)) is { } rate)
                found[exposure.Endpoint.ToString()] = rate;
        }

        return found.ToImmutable();
    }

    private string HeardOf(GatewayState state, GatewayHealth? health, IHealthBoard board)
    {
        if (health?.Observation is not { } seen)
            return health is null ? "not asked yet" : $"does not answer, tried {Times.Ago(asker.Now - health.At)}";
        if (seen.IsFolder)
            return StatusWords.Folder;
        var missed = board.MissedBecause(state.Name) is null ? "" : ", no figures";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"seen {Times.Ago(asker.Now - health.At)}, load {seen.Load / 100.0:0.00}, {Counts.Of(seen.ConntrackCount, "connection")} tracked{missed}"
        );
    }

    private static string AddressOf(Peer peer, Edge edge) => string.Join(", ", peer.AddressesAt(edge.Gateway!));

    private ImmutableSortedDictionary<string, LivePeer> PeersOf(GatewayState state, GatewayHealth? health, IHealthBoard board)
    {
        var stats = board.SamplesOf(state.Name) is [.., var last] ? last.Stats.Peers.ToDictionary(p => p.Key) : [];
        var seen = health?.Observation?.Handshakes;
        return state.Running.Peers.Values.ToImmutableSortedDictionary(p => p.Name.ToString(), Of, StringComparer.Ordinal);

        LivePeer Of(Peer peer)
        {
            var counted = stats.GetValueOrDefault(peer.Key);
            var handshake = counted?.Handshake ?? (seen is not null && seen.TryGetValue(peer.Key.ToString(), out var at) ? at : null);
            var age = asker.Now - handshake;
            return new(
                peer.IsShutAt(health?.Observation?.WireGuardKey) ? StatusWords.OtherMachine
                    : age is { } old ? $"handshake {Times.Ago(old)}"
                    : "no handshake yet",
                age < LiveHandshake,
                counted is not null && shown.Traffic ? $"{Sizes.Of(counted.Received)} received, {Sizes.Of(counted.Sent)} sent" : ""
            );
        }
    }

    // The next step of whoever begins: a gateway, a VM, a port.
    private IEnumerable<string> ToType()
    {
        var edges = asker.States.Values.Select(s => s.Running).Where(e => e.Gateway is { Mirrors: null }).ToList();
        if (edges.Count == 0)
            yield return "gateway add gw1 ADDRESS";
        else if (edges.TrueForAll(e => e.Vms.IsEmpty))
            yield return "vm add vm1 ADDRESS";
        else if (edges.TrueForAll(e => e.Exposures.IsEmpty))
            yield return $"expose {edges.First(e => !e.Vms.IsEmpty).Vms.Keys.First()}:8080 on 80";
    }
}
