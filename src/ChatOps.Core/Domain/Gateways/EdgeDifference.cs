using System.Collections.Immutable;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Gateways;

/// <summary>What would have to happen for one edge to become another: what undo, rollback and mirrors are made of.</summary>
public static class EdgeDifference
{
    /// <summary>
    /// The effects that lead from one edge to the other, in an order in which each fits: what leads to a VM goes before the VM, and comes
    /// after it. A machine that is there under another name is renamed, before anything else. The gateway itself is left as it is.
    /// </summary>
    /// <param name="to">What is to be.</param>
    /// <param name="change">The number of the change that does it.</param>
    public static ImmutableArray<Effect> Between(Edge from, Edge to, int change)
    {
        ImmutableArray<Effect> renames = [.. VmsRenamed(from, to, change), .. PeersRenamed(from, to, change)];
        return [.. renames, .. UnderTheirNames(from.With(renames), to, change)];
    }

    private static ImmutableArray<Effect> UnderTheirNames(Edge from, Edge to, int change)
    {
        var rulesGone = from.Rules.Values.Where(r => !(to.Rules.TryGetValue(r.Key, out var other) && other == r));
        var (rekeyed, swapped) = Rekeyed(from, to);
        var peersGone = from
            .Peers.Values.Where(p => swapped.Contains(p.Name) || !(to.Peers.TryGetValue(p.Name, out var other) && other.IsAtThePlaceOf(p)))
            .ToList();
        var vmsGone = from.Vms.Values.Where(v => !(to.Vms.TryGetValue(v.Name, out var other) && IsSame(v, other)));
        var vmsNew = to.Vms.Values.Where(v => !(from.Vms.TryGetValue(v.Name, out var other) && IsSame(v, other)));
        var peersNew = to.Peers.Values.Where(p =>
            swapped.Contains(p.Name) || !(from.Peers.TryGetValue(p.Name, out var other) && other.IsAtThePlaceOf(p))
        );
        var rulesNew = to.Rules.Values.Where(r => !(from.Rules.TryGetValue(r.Key, out var other) && other == r));

        // A VM whose address changes takes what leads to it along, and so does one behind a peer that goes.
        var moved = vmsGone
            .Concat(from.Vms.Values.Where(v => peersGone.Any(p => v.Addresses.Any(a => p.Carries(a, from.Gateway!)))))
            .Select(v => v.Name)
            .ToHashSet();
        var extended = to
            .Exposures.Values.Where(x => IsExtended(x, from) && !x.Targets.Any(t => moved.Contains(t.Vm)))
            .ToDictionary(x => x.Endpoint);
        var closed = from.Exposures.Values.Where(x => !IsKept(x, to) && !extended.ContainsKey(x.Endpoint));
        var opened = to.Exposures.Values.Where(x => !IsKept(x, from) && !extended.ContainsKey(x.Endpoint));
        var reopened = to.Exposures.Values.Where(x => IsKept(x, from) && x.Targets.Any(t => moved.Contains(t.Vm))).ToList();
        var reruled = to
            .Rules.Values.Where(r => from.Rules.TryGetValue(r.Key, out var other) && other == r && r.About is { } vm && moved.Contains(vm))
            .ToList();
        return
        [
            .. closed.Concat(reopened).Select(x => new ExposureClosed(change, x.Endpoint)),
            .. rulesGone.Concat(reruled).Select(r => new RuleRemoved(change, r)),
            .. vmsGone.Select(v => new VmRemoved(change, v.Name)),
            .. peersGone.Select(p => new PeerRemoved(change, p.Name)),
            .. rekeyed.Select(p => new PeerRekeyed(change, p.Name, p.Key, p.Preshared)),
            .. peersNew.Select(p => new PeerAdded(change, p.Name, p.Key, p.Address, p.Routes, p.Preshared)),
            .. vmsNew.Select(v => new VmAdded(change, v.Name, v.Addresses)),
            .. opened
                .Concat(reopened)
                .Select(x => new ExposureOpened(change, x.Endpoint, x.Targets, x.Options == ExposureOptions.None ? null : x.Options)),
            .. extended.Values.Select(x => new ExposureExtended(change, x.Endpoint, x.Options.Until!.Value, x.Options.For)),
            .. rulesNew.Concat(reruled).Select(r => new RuleAdded(change, r)),
        ];
    }

    // Peers with another key, each after the one that has given that key up. Of those that have each other's, one leaves and comes back.
    private static (List<Peer> Rekeyed, HashSet<Name<Peer>> Swapped) Rekeyed(Edge from, Edge to)
    {
        var (done, swapped) = (new List<Peer>(), new HashSet<Name<Peer>>());
        var left = to
            .Peers.Values.Where(p =>
                from.Peers.TryGetValue(p.Name, out var other)
                && other.IsAtThePlaceOf(p)
                && (other.Key, other.Preshared) != (p.Key, p.Preshared)
            )
            .ToList();
        while (left.Count > 0)
        {
            var next = left.Find(p => !left.Exists(other => other.Name != p.Name && from.Peers[other.Name].Key == p.Key));
            if (next is not null)
                done.Add(next);
            else
                swapped.Add((next = left[0]).Name);
            left.Remove(next);
        }

        return (done, swapped);
    }

    // A name that is gone and a name that is new, with the very same addresses: in one edge no two machines have the same.
    private static IEnumerable<VmRenamed> VmsRenamed(Edge from, Edge to, int change)
    {
        var @new = to.Vms.Values.Where(v => !from.Vms.ContainsKey(v.Name)).ToList();
        foreach (var gone in from.Vms.Values.Where(v => !to.Vms.ContainsKey(v.Name)))
        {
            if (@new.Find(v => IsSame(v, gone)) is not { } there)
                continue;
            @new.Remove(there);
            yield return new(change, gone.Name, there.Name);
        }
    }

    private static IEnumerable<PeerRenamed> PeersRenamed(Edge from, Edge to, int change)
    {
        var @new = to.Peers.Values.Where(p => !from.Peers.ContainsKey(p.Name)).ToList();
        foreach (var gone in from.Peers.Values.Where(p => !to.Peers.ContainsKey(p.Name)))
        {
            if (@new.Find(p => p.Key == gone.Key && p.IsAtThePlaceOf(gone)) is not { } there)
                continue;
            @new.Remove(there);
            yield return new(change, gone.Name, there.Name);
        }
    }

    private static bool IsKept(Exposure exposure, Edge other) =>
        other.Exposures.TryGetValue(exposure.Endpoint, out var there) && there.IsLike(exposure);

    // Nothing but its end is another: nobody's connection has to be cut for that.
    private static bool IsExtended(Exposure exposure, Edge before) =>
        exposure.Options.Until is not null
        && before.Exposures.TryGetValue(exposure.Endpoint, out var there)
        && there.Options != exposure.Options
        && there.IsLikeButForTheEnd(exposure);

    private static bool IsSame(Vm one, Vm other) => one.Addresses.SequenceEqual(other.Addresses);
}
