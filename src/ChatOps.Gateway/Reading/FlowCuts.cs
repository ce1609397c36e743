using System.Net;
using ChatOps.Gateway.Checking;

namespace ChatOps.Gateway.Reading;

/// <summary>Which flows and connections of the machine end. Only flows of this machine's own addresses do: a VM's connection to the same
/// port of someone else stays.</summary>
internal static class FlowCuts
{
    private const string OrdinarySsh = "22";

    public static IEnumerable<Flow> OfClosed(IReadOnlyList<Cut> cuts, IEnumerable<Flow> flows, IReadOnlyCollection<IPAddress> own)
    {
        var byPort = cuts.ToLookup(c => (c.Protocol, c.Family, c.Kind == CutKind.Target, c.Port));
        var us = own.ToHashSet();
        return flows.Where(flow =>
            (
                us.Contains(flow.Destination)
                && byPort[(flow.Protocol, flow.Family, false, flow.Port)].Any(c => c.Kind != CutKind.Dnat || IsAt(c, flow.From))
            ) || (us.Contains(flow.Source) && byPort[(flow.Protocol, flow.Family, true, flow.Port)].Any(c => IsAt(c, flow.Destination)))
        );
    }

    /// <summary>Whether a proxy's connection is one of what closed. HAProxy's relay has one port for all, so there who is at the other end
    /// tells which it is; where the kernel itself leads the flow, no process holds a connection.</summary>
    public static Func<Connection, bool> Connections(IReadOnlyList<Cut> cuts, IEnumerable<Flow> flows, IReadOnlyCollection<IPAddress> own)
    {
        var ports = new HashSet<(int, int)>();
        var peers = new HashSet<(IPAddress, int)>();
        var relayed = new HashSet<(int, int)>();
        foreach (var cut in cuts.Where(c => c.Protocol == Protocol.Tcp))
        {
            if (cut is { Kind: CutKind.Port, Who: "relay" })
                relayed.Add((cut.Family, cut.Port));
            else if (cut is { Kind: CutKind.Port, Who: not "nftables" })
                ports.Add((cut.Family, cut.Port));
            else if (cut.Kind == CutKind.Target && IPAddress.TryParse(cut.Who, out var target))
                peers.Add((target, cut.Port));
        }

        if (relayed.Count > 0)
        {
            var us = own.ToHashSet();
            foreach (
                var flow in flows.Where(f =>
                    f is { Protocol: Protocol.Tcp, SourcePort: > 0 } && relayed.Contains((f.Family, f.Port)) && us.Contains(f.Destination)
                )
            )
                peers.Add((flow.Source, flow.SourcePort));
        }

        return c => ports.Contains((Ip.Of(c.Peer).Family, c.Port)) || peers.Contains((c.Peer, c.PeerPort));
    }

    /// <summary>The flows that the rules no longer allow, of both families: what a "block" forbids, what came to a port that is now for
    /// others, and what an "egress", "map" or "snat" that is gone let out or in. The rules are lines of the file "rules" before and after;
    /// the prefix is that of the old tayga.conf, if there was one.</summary>
    public static IEnumerable<Flow> OfRules(
        IReadOnlyCollection<string> oldRules,
        IReadOnlyCollection<string> newRules,
        string? nat64Prefix,
        IEnumerable<Flow> flows,
        IReadOnlyCollection<IPAddress> own
    ) => flows.Where(new Rules(oldRules, newRules, nat64Prefix, own).Ends);

    /// <summary>The connections of those whom the rules forbid. SSH stays, or a mistake could not be taken back.</summary>
    /// <param name="firewall">The lines of the file "nftables.nft": one of them lets SSH in, by its port.</param>
    public static Func<Connection, bool> Blocked(IReadOnlyCollection<string> rules, IReadOnlyCollection<string> firewall)
    {
        var ssh = firewall
            .Select(l => l.Trim().Split(' '))
            .Where(w => w is ["tcp", "dport", _, "accept"])
            .Select(w => w[2])
            .Append(OrdinarySsh)
            .ToHashSet();
        var blocked = rules
            .Select(l => l.Split(' '))
            .Where(w => w is ["block", _])
            .Select(w => Network.Of(w[1]))
            .OfType<Network>()
            .ToList();
        return c => !ssh.Contains($"{c.Port}") && blocked.Exists(n => n.Contains(c.Peer));
    }

    private static bool IsAt(Cut cut, IPAddress address) => IPAddress.TryParse(cut.Who, out var who) && who.Equals(address);

    private readonly record struct Network(Ip Prefix, int Bits)
    {
        public bool Contains(IPAddress address) => Ip.Of(address).IsIn(Prefix, Bits);

        public static Network? Of(string text) =>
            Addresses.TryReadNetwork(text, out var prefix, out var bits) ? new Network(prefix, bits) : null;
    }

    private sealed class Rules
    {
        private readonly HashSet<IPAddress> _own;
        private readonly Network? _nat64;
        private readonly List<Network> _blocked = [];
        private readonly Dictionary<(Protocol Protocol, int Port), List<Network>> _admitted = [];

        // Who may go out now, and who could and no longer may. Who stands for a public address goes out too.
        private readonly HashSet<IPAddress> _out = [];
        private readonly HashSet<IPAddress> _staysIn = [];
        private readonly Dictionary<IPAddress, IPAddress> _unmapped = [];
        private readonly Dictionary<IPAddress, (IPAddress First, IPAddress Last)> _pools = [];

        public Rules(
            IReadOnlyCollection<string> before,
            IReadOnlyCollection<string> after,
            string? nat64Prefix,
            IReadOnlyCollection<IPAddress> own
        )
        {
            _own = [.. own];
            _nat64 = nat64Prefix is null ? null : Network.Of(nat64Prefix);
            foreach (var rule in after)
                Take(rule.Split(' '));
            foreach (var rule in before.Except(after))
                TakeGone(rule.Split(' '));
        }

        public bool Ends(Flow flow) =>
            _blocked.Exists(n => n.Contains(flow.Source) || n.Contains(flow.From))
            || (_own.Contains(flow.Destination) && !IsAdmitted(flow))
            || (IsOutside(flow) && _staysIn.Contains(flow.Source) && !_own.Contains(flow.Destination))
            || _unmapped.ContainsKey(flow.Destination)
            || (_unmapped.TryGetValue(flow.To, out var inside) && inside.Equals(flow.Source))
            || (_pools.TryGetValue(flow.Source, out var pool) && IsIn(pool.First, pool.Last, flow.To));

        // By another source address, or by NAT64. What a VM does with others inside is not meant.
        private bool IsOutside(Flow flow) => !flow.To.Equals(flow.Source) || _nat64?.Contains(flow.Destination) == true;

        // A port that nobody is named for is everybody's.
        private bool IsAdmitted(Flow flow) =>
            !_admitted.TryGetValue((flow.Protocol, flow.Port), out var who) || who.Exists(n => n.Contains(flow.Source));

        private static bool IsIn(IPAddress first, IPAddress last, IPAddress address) =>
            first.AddressFamily == address.AddressFamily
            && Ip.Of(address).Number >= Ip.Of(first).Number
            && Ip.Of(address).Number <= Ip.Of(last).Number;

        private void Take(string[] rule)
        {
            switch (rule)
            {
                case ["block", var network] when Network.Of(network) is { } blocked:
                    _blocked.Add(blocked);
                    break;
                case ["admit", var name, var number, var network]
                    when Network.Of(network) is { } from
                        && Rows.TryReadProtocol(name, out var protocol)
                        && Addresses.TryReadPort(number, out var port):
                    if (!_admitted.TryGetValue((protocol, port), out var list))
                        _admitted[(protocol, port)] = list = [];
                    list.Add(from);
                    break;
                case ["egress", var address] when IPAddress.TryParse(address, out var ip):
                    _out.Add(ip);
                    break;
                case ["map", _, var address] when IPAddress.TryParse(address, out var ip):
                    _out.Add(ip);
                    break;
            }
        }

        private void TakeGone(string[] rule)
        {
            switch (rule)
            {
                case ["egress", var address] when IPAddress.TryParse(address, out var ip) && !_out.Contains(ip):
                    _staysIn.Add(ip);
                    break;
                case ["map", var outer, var inner]
                    when IPAddress.TryParse(outer, out var outside) && IPAddress.TryParse(inner, out var inside):
                    _unmapped[outside] = inside;
                    if (!_out.Contains(inside))
                        _staysIn.Add(inside);
                    break;
                case ["snat", var inner, var from, var to]
                    when IPAddress.TryParse(inner, out var inside)
                        && IPAddress.TryParse(from, out var first)
                        && IPAddress.TryParse(to, out var last):
                    _pools[inside] = (first, last);
                    break;
            }
        }
    }
}
