using ChatOps.Gateway.Looking;
using ChatOps.Gateway.Reading;

namespace ChatOps.Gateway.Loading;

/// <summary>
/// Ends the flows of what is no longer open. Only those that came to this machine's own addresses: a VM's own connection to the same port
/// number of someone else stays. A proxy's connection loses its entry and, because the firewall resets what it does not know
/// (<c>nf_conntrack_tcp_loose=0</c>), ends at its next packet; where the kernel can, it ends at once.
/// </summary>
internal static class Flows
{
    public static void Cut(Change change)
    {
        CutRuled(change);
        CutClosed(change.Plan.Cuts);
    }

    public static void CutClosed(IReadOnlyList<Cut> cuts)
    {
        if (cuts.Count == 0)
            return;
        var own = Network.Own();
        var flows = Conntrack.Flows(cuts.Select(c => c.Family).Distinct());
        // The resets of the ended connections still need the entries.
        Connections.End(FlowCuts.Connections(cuts, flows, own));
        Conntrack.End(FlowCuts.OfClosed(cuts, flows, own));
    }

    // What the rules of the new revision do not allow, where they are not those of the old one. The firewall keeps new ones out by then. A
    // proxy's connection to somebody who is blocked ends at once.
    private static void CutRuled(Change change)
    {
        if (!change.Has("rules"))
            return;
        var (before, after) = (change.Old.Lines("rules"), change.New.Lines("rules"));
        if (before.Length == 0 && after.Length == 0)
            return;
        Connections.End(FlowCuts.Blocked(after, change.New.Lines("nftables.nft")));
        var nat64 = change.Old.Lines("tayga.conf").FirstOrDefault(l => l.StartsWith("prefix ", StringComparison.Ordinal))?[7..];
        Conntrack.End(FlowCuts.OfRules(before, after, nat64, Conntrack.Flows(4, 6), Network.Own()));
    }
}
