using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Replies;
using ChatOps.Core.Changes;
using ChatOps.Core.Gateways;
using ChatOps.Core.Ports;

namespace ChatOps.Bot.Web.Pictures;

/// <summary>What of the edge someone is shown, as policy says.</summary>
/// <param name="Vms">The addresses of VMs.</param>
/// <param name="Peers">The peers.</param>
/// <param name="Traffic">What passes.</param>
internal sealed record Shown(bool Vms, bool Peers, bool Traffic);

/// <summary>Makes the picture of the edge from the states that the log leads to and from what was last heard.</summary>
/// <param name="asker">Who looks, and the states at the time that is shown.</param>
/// <param name="time">That time.</param>
/// <param name="board">What was last heard; null for the past.</param>
/// <param name="shown">What they are shown.</param>
internal sealed class Drawing(Asker asker, DateTimeOffset time, IHealthBoard? board, Shown shown)
{
    private const int MostThings = 40;

    // While anything passes, WireGuard shakes hands every two minutes.
    private static readonly TimeSpan LiveHandshake = TimeSpan.FromMinutes(3);

    /// <summary>The picture, narrowed to what has a text in it.</summary>
    public EdgePicture Of(string find) =>
        new(
            time,
            $"{Times.In(time, asker.Zone)} {asker.Zone.Id}",
            board is not null,
            find,
            [.. asker.States.Values.Where(s => s.Running.Gateway is not null).Select(s => Of(s, find))],
            asker.States.Values.Sum(s => s.Proposed.Count()),
            [.. ToType()]
        );

    private GatewayPicture Of(GatewayState state, string find)
    {
        var (edge, health) = (state.Running, board?.Get(state.Name));
        var troubles = new Troubles(state, health);
        var rates = board is null || !shown.Traffic ? null : new Rates(board.SamplesOf(state.Name));
        var ports = new PortLines(state, troubles, rates, asker.Zone).Of(find);
        var drawn = ports.Lines.SelectMany(l => l.Vms).ToHashSet(StringComparer.Ordinal);
        var used = edge.Exposures.Values.SelectMany(x => x.Targets.Select(t => t.Vm).Distinct()).CountBy(v => v).ToDictionary();
        var vms = edge.Vms.Values.Where(v => drawn.Contains(v.Name.ToString()) || Has(v.Name.ToString(), find)).OrderBy(v => !drawn.Contains(v.Name.ToString())).ThenBy(v => v.Name);
        return new(
            state.Name.ToString(),
            [.. edge.Gateway!.Addresses.Select(a => a.ToString())],
            edge.Gateway.Mirrors?.ToString(),
            state.RunningRevision.ToString(),
            board is null ? "" : HeardOf(state, health),
            rates?.OfAll(),
            troubles.OfGateway(),
            [.. state.Alerts.Values.OrderBy(a => a.Since).Select(a => new AlertPicture(a.Text, Times.In(a.Since, asker.Zone), a.Detail, a.Next))],
            ports,
            edge.Vms.Count,
            [.. vms.Take(Math.Max(MostThings, drawn.Count)).Select(v => new VmPicture(v.Name.ToString(), shown.Vms ? string.Join(", ", v.Addresses) : "", used.GetValueOrDefault(v.Name), troubles.Of(v.Name), $"vm {v.Name} at {state.Name}"))],
            shown.Peers ? edge.Peers.Count : 0,
            shown.Peers ? PeersOf(state, troubles, find) : [],
            [.. edge.Rules.Values.Where(r => Has(r.ToString(), find)).Take(MostThings).Select(r => new RulePicture(r.ToString(), r.InWords))]
        );
    }

    private string HeardOf(GatewayState state, GatewayHealth? health)
    {
        if (health?.Observation is not { } seen)
            return health is null ? "not asked yet" : $"does not answer, tried {Times.Ago(asker.Now - health.At)}";
        var missed = board!.MissedBecause(state.Name) is null ? "" : ", no figures";
        return string.Create(CultureInfo.InvariantCulture, $"seen {Times.Ago(asker.Now - health.At)}, load {seen.Load / 100.0:0.00}, {seen.ConntrackCount} connections{missed}");
    }

    private ImmutableArray<PeerPicture> PeersOf(GatewayState state, Troubles troubles, string find)
    {
        var stats = board?.SamplesOf(state.Name) is [.., var last] ? last.Stats.Peers.ToDictionary(p => p.Key) : [];
        var seen = board?.Get(state.Name)?.Observation?.Handshakes;
        return [.. state.Running.Peers.Values.Where(p => Has(p.Name.ToString(), find)).Take(MostThings).Select(Of)];

        PeerPicture Of(Peer peer)
        {
            var counted = stats.GetValueOrDefault(peer.Key);
            var handshake = counted?.Handshake ?? (seen is not null && seen.TryGetValue(peer.Key.ToString(), out var at) ? at : null);
            var age = asker.Now - handshake;
            return new(
                peer.Name.ToString(),
                peer.Address.ToString(),
                board is null ? "" : age is { } old ? $"handshake {Times.Ago(old)}" : "no handshake yet",
                age < LiveHandshake,
                counted is not null && shown.Traffic ? $"{Sizes.Of(counted.Received)} received, {Sizes.Of(counted.Sent)} sent" : "",
                troubles.Of(peer.Name),
                $"peer {peer.Name} at {state.Name}"
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

    private static bool Has(string text, string find) => find.Length == 0 || text.Contains(find, StringComparison.OrdinalIgnoreCase);
}
