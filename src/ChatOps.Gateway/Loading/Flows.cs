using System.Globalization;
using System.Net;
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
    private const int ClientsAtOnce = 50;

    public static void Cut(Change change)
    {
        CutRuled(change);
        CutClosed(change.Plan.Cuts);
    }

    public static void CutClosed(IReadOnlyList<Cut> cuts)
    {
        if (cuts.Count == 0)
            return;
        // Every -D goes through all the flows of the machine, so one look first at which are needed.
        var own = Network.Own();
        var flows = cuts.Select(c => c.Family).Distinct().Select(family => (Family: family, Lines: Listing(family))).ToList();
        // The resets of the killed sockets still need the entries.
        RunAll(
            [
                .. cuts.Where(c => c.Protocol == Checking.Protocol.Tcp).Select(Kill).OfType<string[]>(),
                .. flows.SelectMany(f => FlowCuts.RelayedBy(cuts, f.Family, f.Lines, own).Chunk(ClientsAtOnce).Select(KillClients)),
            ]
        );
        foreach (var (family, lines) in flows)
            RunAll([.. FlowCuts.OfClosed(cuts, family, lines, own).Select(Deletion)]);
    }

    // What the rules of the new revision do not allow, where they are not those of the old one. The firewall keeps new ones out by then. A
    // proxy's connection to somebody who is blocked ends at once; SSH stays, or a mistake could not be taken back.
    private static void CutRuled(Change change)
    {
        if (!change.Has("rules"))
            return;
        var (before, after) = (change.Old.Lines("rules"), change.New.Lines("rules"));
        if (before.Length == 0 && after.Length == 0)
            return;
        RunAll([.. after.Select(l => l.Split(' ')).Where(w => w is ["block", _])
            .Select(w => (string[])["ss", "-K", "-H", "-n", "-t", "dst", InBrackets(w[1]), "and", "sport", "!=", ":22"])]);
        var nat64 = change.Old.Lines("tayga.conf").FirstOrDefault(l => l.StartsWith("prefix ", StringComparison.Ordinal))?[7..];
        RunAll([.. FlowCuts.OfRules(before, after, nat64, [.. Listing(4), .. Listing(6)], Network.Own()).Select(Deletion)]);
    }

    // How a proxy's sockets end; null where the kernel itself leads the flow.
    private static string[]? Kill(Cut cut) =>
        cut switch
        {
            { Kind: CutKind.Port, Who: "nftables" or "relay" } or { Kind: CutKind.Dnat } => null,
            { Kind: CutKind.Port } => ["ss", "-K", "-H", "-n", "-t", $"-{cut.Family}", "sport", "=", $":{cut.Port}"],
            _ => ["ss", "-K", "-H", "-n", "-t", $"-{cut.Family}", "dst", InBrackets(cut.Who), "dport", "=", $":{cut.Port}"],
        };

    // HAProxy's sockets have one port for all that it relays; who is at the other end of one tells which it is.
    private static string[] KillClients(IEnumerable<(IPAddress Address, int Port)> clients) =>
        ["ss", "-K", "-H", "-n", "-t", string.Join(" or ", clients.Select(c => string.Create(CultureInfo.InvariantCulture, $"dst {InBrackets($"{c.Address}")}:{c.Port}")))];

    private static string[] Listing(int family) =>
        Command.Run("conntrack", "-L", "-f", $"ipv{family}").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Deletion(string[] options) => ["conntrack", "-D", .. options];

    private static string InBrackets(string network) =>
        !network.Contains(':') ? network : network.Split('/') is [var address, var length] ? $"[{address}]/{length}" : $"[{network}]";

    // Side by side, some at a time: a hundred ports may close at once. One that finds nothing to end fails.
    private static void RunAll(IReadOnlyList<string[]> commands)
    {
        foreach (var some in commands.Chunk(16))
        {
            var started = some.Select(c => Command.Start(c[0], c.AsSpan(1))).ToList();
            foreach (var command in started)
            {
                using (command)
                    command.Wait();
            }
        }
    }
}
