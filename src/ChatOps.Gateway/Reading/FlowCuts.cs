using System.Globalization;
using System.Net;
using ChatOps.Gateway.Checking;

namespace ChatOps.Gateway.Reading;

/// <summary>Which flows of the machine end: each answer is the options of one "conntrack -D". Every such call goes through all flows, so
/// there is one a kind of flow that is really there, and none twice.</summary>
internal static class FlowCuts
{
    /// <summary>Those of what closed: of <paramref name="cuts"/> those of the family. The flows are lines of "conntrack -L" or of
    /// /proc/net/nf_conntrack. Only flows of this machine's own addresses end: a VM's connection to the same port of someone else
    /// stays.</summary>
    public static IReadOnlyList<string[]> OfClosed(
        IReadOnlyList<Cut> cuts,
        int family,
        IEnumerable<string> flows,
        IReadOnlyCollection<IPAddress> own
    )
    {
        var byPort = cuts.Where(c => c.Family == family).ToLookup(c => (Rows.NameOf(c.Protocol), c.Kind == CutKind.Target, c.Port));
        var us = own.ToHashSet();
        var options = new OptionList();
        foreach (var line in flows)
        {
            if (!Flow.TryRead(line, out var flow) || flow.Family != family)
                continue;
            string[] port = ["-p", flow.Protocol, "--dport", flow.Port.ToString(CultureInfo.InvariantCulture)];
            if (us.Contains(flow.Destination))
            {
                foreach (var cut in byPort[(flow.Protocol, false, flow.Port)])
                    options.Add(family, [.. port, "-d", $"{flow.Destination}", .. cut.Kind == CutKind.Dnat ? new[] { "-r", cut.Who } : []]);
            }

            if (us.Contains(flow.Source))
            {
                foreach (var cut in byPort[(flow.Protocol, true, flow.Port)])
                    options.Add(family, [.. port, "-s", $"{flow.Source}", "-d", cut.Who]);
            }
        }

        return options.All;
    }

    /// <summary>Who is connected by a relayed port of the family that closed or leads elsewhere now: address and port of each client.</summary>
    public static IReadOnlyList<(IPAddress Address, int Port)> RelayedBy(IReadOnlyList<Cut> cuts, int family, IEnumerable<string> flows, IReadOnlyCollection<IPAddress> own)
    {
        var ports = cuts.Where(c => c is { Kind: CutKind.Port, Who: "relay" } && c.Family == family).Select(c => c.Port).ToHashSet();
        if (ports.Count == 0)
            return [];
        var us = own.ToHashSet();
        var clients = new List<(IPAddress, int)>();
        foreach (var line in flows)
        {
            if (Flow.TryRead(line, out var flow) && flow is { Protocol: "tcp", SourcePort: > 0 } && ports.Contains(flow.Port) && us.Contains(flow.Destination))
                clients.Add((flow.Source, flow.SourcePort));
        }

        return clients;
    }

    /// <summary>Those that the rules no longer allow, of both families: what a "block" forbids, what came to a port that is now for others,
    /// and what an "egress", "map" or "snat" that is gone let out or in. The rules are lines of the file "rules" before and after; the
    /// prefix is that of the old tayga.conf, if there was one.</summary>
    public static IReadOnlyList<string[]> OfRules(
        IReadOnlyCollection<string> oldRules,
        IReadOnlyCollection<string> newRules,
        string? nat64Prefix,
        IEnumerable<string> flows,
        IReadOnlyCollection<IPAddress> own
    )
    {
        var rules = new Rules(oldRules, newRules, nat64Prefix, own);
        var options = new OptionList();
        foreach (var line in flows)
        {
            if (Flow.TryRead(line, out var flow))
                rules.Cut(flow, options);
        }

        return options.All;
    }

    private sealed class OptionList
    {
        private readonly HashSet<string> _told = [];

        public List<string[]> All { get; } = [];

        public void Add(int family, params string[] options)
        {
            string[] all = ["-f", $"ipv{family}", .. options];
            if (_told.Add(string.Join(' ', all)))
                All.Add(all);
        }
    }

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
        private readonly Dictionary<(string Protocol, int Port), List<Network>> _admitted = [];

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

        public void Cut(Flow flow, OptionList options)
        {
            var (source, destination) = ($"{flow.Source}", $"{flow.Destination}");
            if (_blocked.Exists(n => n.Contains(flow.Source)))
                options.Add(flow.Family, "-s", source);
            if (_blocked.Exists(n => n.Contains(flow.From)))
                options.Add(flow.Family, "-r", $"{flow.From}");
            if (_own.Contains(flow.Destination) && !IsAdmitted(flow))
            {
                var port = flow.Port.ToString(CultureInfo.InvariantCulture);
                options.Add(flow.Family, "-p", flow.Protocol, "-s", source, "-d", destination, "--dport", port);
            }

            // Out of the inside: by another source address, or by NAT64. What a VM does with others inside is not meant.
            var isOutside = !flow.To.Equals(flow.Source) || _nat64?.Contains(flow.Destination) == true;
            if (isOutside && _staysIn.Contains(flow.Source) && !_own.Contains(flow.Destination))
                options.Add(flow.Family, "-s", source, "-d", destination);
            if (_unmapped.ContainsKey(flow.Destination))
                options.Add(flow.Family, "-d", destination);
            if (_unmapped.TryGetValue(flow.To, out var inside) && inside.Equals(flow.Source))
                options.Add(flow.Family, "-s", source, "-q", $"{flow.To}");
            if (_pools.TryGetValue(flow.Source, out var pool) && IsIn(pool.First, pool.Last, flow.To))
                options.Add(flow.Family, "-s", source, "-q", $"{flow.To}");
        }

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
                case ["admit", var protocol, var number, var network]
                    when Network.Of(network) is { } from && Addresses.TryReadPort(number, out var port):
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
