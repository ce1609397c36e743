using ChatOps.Gateway.Checking;

namespace ChatOps.Gateway.Reading;

internal readonly record struct PublicPort(Protocol Protocol, int Family, int Port);

internal enum CutKind
{
    Port,

    /// <summary>Of what came in by the public port, what the kernel led to the target that went.</summary>
    Dnat,

    /// <summary>What this machine's proxies have opened to the target that went.</summary>
    Target,
}

/// <summary>
/// Flows to end. For <see cref="CutKind.Target"/> family and port are the target's, else the clients' and the public one. <c>Who</c> is the
/// engine for <see cref="CutKind.Port"/>, else the target's address.
/// </summary>
internal readonly record struct Cut(Protocol Protocol, int Family, CutKind Kind, int Port, string Who);

/// <summary>A TCP target that was not there.</summary>
internal readonly record struct Target(string Address, int Port);

/// <summary>That a listener goes from one engine to another.</summary>
internal readonly record struct Move(string From, string To);

/// <summary>What is to be done besides loading when one revision follows another: public ports that were not there, flows to end, at most
/// 20 new targets, which engines hand listeners over, and the ports that an engine of ours is to listen on that none did.</summary>
internal sealed record Plan(
    IReadOnlyList<PublicPort> New,
    IReadOnlyList<Cut> Cuts,
    IReadOnlyList<Target> Targets,
    IReadOnlyList<Move> Moves,
    IReadOnlyList<PublicPort> Bound
);

/// <summary>Compares the exposures and listeners of two revisions.</summary>
internal static class Difference
{
    private const int MostTargets = 20;

    /// <summary>What is to be done on the way from the old ones to the new ones.</summary>
    public static Plan Of(
        IReadOnlyList<Exposure> oldExposures,
        IReadOnlyList<Exposure> newExposures,
        IReadOnlyList<Listener> oldListeners,
        IReadOnlyList<Listener> newListeners
    )
    {
        var touched = Touched.Between(oldExposures, newExposures);
        var (before, after) = (oldExposures.Where(touched.Contains).ToList(), newExposures.Where(touched.Contains).ToList());
        var was = before.Select(WayOf).ToHashSet();
        var openBefore = before.Select(PortOf).ToHashSet();
        return new Plan(
            [.. after.Select(PortOf).Where(p => !openBefore.Contains(p)).Distinct()],
            CutsOf(before, after),
            [
                .. after
                    .Where(x => x.Protocol == Protocol.Tcp && !was.Contains(WayOf(x)))
                    .Select(x => new Target(x.Address, x.TargetPort))
                    .Distinct()
                    .Take(MostTargets),
            ],
            MovesOf(oldListeners, newListeners),
            [.. newListeners.Where(l => Rows.IsWildcard(l.Engine)).Select(PortOf).Except(oldListeners.Select(PortOf))]
        );
    }

    // PORT: everything that came in by this public port. TARGET: the port stays open and leads elsewhere, so only what goes to the target
    // that went: for a DNAT the flow itself, for a proxy its own connection to the target.
    private static List<Cut> CutsOf(List<Exposure> before, List<Exposure> after)
    {
        var stays = after.Select(WayOf).ToHashSet();
        var open = after.Select(PortOf).ToHashSet();
        var proxied = after.Where(x => x.Engine != "nftables").Select(x => (x.Protocol, x.Address, x.TargetPort)).ToHashSet();
        var cuts = new List<Cut>();
        foreach (var x in before.Where(x => !stays.Contains(WayOf(x))))
        {
            // By which port a relay's own connection was opened, nobody can tell.
            if (!open.Contains(PortOf(x)) || x.Engine == "relay")
                cuts.Add(new Cut(x.Protocol, x.Family, CutKind.Port, x.Port, x.Engine));
            else if (x.Engine == "nftables")
                cuts.Add(new Cut(x.Protocol, x.Family, CutKind.Dnat, x.Port, x.Address));
            else if (!proxied.Contains((x.Protocol, x.Address, x.TargetPort)))
                cuts.Add(new Cut(x.Protocol, FamilyOf(x.Address), CutKind.Target, x.TargetPort, x.Address));
            else
                cuts.Add(new Cut(x.Protocol, x.Family, CutKind.Port, x.Port, x.Engine));
        }

        return [.. cuts.Distinct()];
    }

    // unbound is on an address of its own and takes nobody's port away.
    private static List<Move> MovesOf(IReadOnlyList<Listener> before, IReadOnlyList<Listener> after)
    {
        var holders = new Dictionary<PublicPort, string>();
        foreach (var listener in before.Where(l => l.Engine != "unbound"))
            holders[new PublicPort(listener.Protocol, listener.Family, listener.Port)] = listener.Engine;
        return
        [
            .. after
                .Where(l => l.Engine != "unbound")
                .Select(l => new Move(holders.GetValueOrDefault(new PublicPort(l.Protocol, l.Family, l.Port), l.Engine), l.Engine))
                .Where(m => m.From != m.To)
                .Distinct(),
        ];
    }

    private static int FamilyOf(string address) => address.Contains(':', StringComparison.Ordinal) ? 6 : 4;

    private static PublicPort PortOf(Listener l) => new(l.Protocol, l.Family, l.Port);

    private static PublicPort PortOf(Exposure x) => new(x.Protocol, x.Family, x.Port);

    // Whatever carries it.
    private static (PublicPort Port, string Address, int TargetPort) WayOf(Exposure x) => (PortOf(x), x.Address, x.TargetPort);

    /// <summary>Of 50,000 exposures those that have to do with the ones that differ: of the same public port, or proxied to the same
    /// target.</summary>
    private sealed class Touched
    {
        private readonly HashSet<(Protocol, int)> _ports = [];
        private readonly HashSet<(Protocol, string, int)> _targets = [];

        public static Touched Between(IReadOnlyList<Exposure> before, IReadOnlyList<Exposure> after)
        {
            // Most of both lists is the same, in the same order.
            var (start, shorter) = (0, Math.Min(before.Count, after.Count));
            while (start < shorter && before[start] == after[start])
                start++;
            var end = 0;
            while (end < shorter - start && before[^(end + 1)] == after[^(end + 1)])
                end++;
            var (gone, come) = (Middle(before, start, end), Middle(after, start, end));
            var touched = new Touched();
            touched.Add(gone.Except(come));
            touched.Add(come.Except(gone));
            return touched;
        }

        public bool Contains(Exposure x) =>
            _ports.Contains((x.Protocol, x.Port)) || (x.Engine != "nftables" && _targets.Contains((x.Protocol, x.Address, x.TargetPort)));

        private void Add(IEnumerable<Exposure> exposures)
        {
            foreach (var x in exposures)
            {
                _ports.Add((x.Protocol, x.Port));
                if (x.Engine != "nftables")
                    _targets.Add((x.Protocol, x.Address, x.TargetPort));
            }
        }

        private static List<Exposure> Middle(IReadOnlyList<Exposure> list, int start, int end)
        {
            var middle = new List<Exposure>();
            for (var i = start; i < list.Count - end; i++)
                middle.Add(list[i]);
            return middle;
        }
    }
}
