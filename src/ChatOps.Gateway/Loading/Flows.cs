using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Datagrams;
using ChatOps.Gateway.Looking;
using ChatOps.Gateway.Reading;
using ChatOps.Gateway.Running;

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
        EndRelayed(sessions => FlowCuts.OfClosed(cuts, sessions, own));
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
        var own = Network.Own();
        EndRelayed(sessions => FlowCuts.OfRules(before, after, nat64, sessions, own));
        Conntrack.End(FlowCuts.OfRules(before, after, nat64, Conntrack.Flows(4, 6), own));
    }

    // A VM that goes on sending would open the flow anew from this side, and the firewall lets the answers to that in.
    private static void EndRelayed(Func<IEnumerable<Flow>, IEnumerable<Flow>> meant)
    {
        var sessions = RelayControl.Sessions();
        var over = meant(sessions.Select(FlowOf)).ToHashSet();
        if (over.Count > 0 && RelayControl.End(sessions.Where(s => over.Contains(FlowOf(s)))) is { } why)
            Journal.Say($"sessions of UDP are not ended: {why}");
    }

    private static Flow FlowOf((Endpoint Client, Endpoint Public) session)
    {
        var (client, where) = (session.Client.Address.ToAddress(), session.Public.Address.ToAddress());
        return new(Protocol.Udp, client, session.Client.Port, where, session.Public.Port, where, client);
    }
}
