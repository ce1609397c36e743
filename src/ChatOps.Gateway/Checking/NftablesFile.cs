namespace ChatOps.Gateway.Checking;

/// <summary>
/// nftables.nft: our table and nothing else, of the counters, sets, maps, chains and rules that the template writes. A chain's hook,
/// priority and policy go with its name, so nobody makes another one of it; rules are free in their order, since what an order does is what
/// the firewall is for. An include, a definition, a flush or somebody else's table is no statement here, and no quote is open at the end of
/// a line.
/// <para>
/// What stays unexplained, and is bounded by the form alone: SSH's and WireGuard's port (one of TCP and one of UDP may be open on this
/// machine without being exposed), what counts as inside besides the ranges that always do, and rates. They open nothing on other machines.
/// </para>
/// </summary>
internal static class NftablesFile
{
    public const string Opening = "table inet chatops {";

    public static readonly int[] Families = [4, 6];

    private static readonly string[] Protocols = ["tcp", "udp"];
    private static readonly string[] Reasons = ["blocked", "restricted", "limited", "dropped"];

    public static Format Format { get; } =
        new(
            "nftables.nft",
            new Section(
                "",
                """
                table inet chatops {}
                delete table inet chatops
                """,
                (
                    Opening,
                    new Section(
                        "table inet chatops",
                        "",
                        [.. Counters(), .. Sets(), .. Families.SelectMany(SetsOf), .. Chains(), .. Families.SelectMany(ChainsOf)]
                    )
                )
            ),
            declared => new NftablesTable(declared)
        );

    private static IEnumerable<(string, Section)> Counters() => Reasons.Select(name => ($"counter {name} {{", new Section("counter", "")));

    private static IEnumerable<(string, Section)> Sets() =>
        [
            Set("set restricted", "type inet_proto . inet_service", "{protocol} . {port},"),
            Set(
                "set limited",
                "type inet_proto . inet_service\nlimit rate over {number}/{unit}",
                "{protocol} . {port} limit rate over {number}/{unit} burst {number} packets,"
            ),
            Set("set relayed4", "type inet_proto . inet_service", "{protocol} . {port},"),
            Set("set ended", "type inet_proto . inet_service"),
        ];

    private static IEnumerable<(string, Section)> SetsOf(int f) =>
        [
            Set($"set blocked{f}", $"type ipv{f}_addr\nflags interval", $"{{net{f}}},"),
            Set(
                $"set allowed{f}",
                $"type inet_proto . inet_service . ipv{f}_addr\nflags interval",
                $"{{protocol}} . {{port}} . {{net{f}}},"
            ),
            Set(
                $"map dnat{f}",
                $"type inet_proto . inet_service : ipv{f}_addr . inet_service",
                $"{{protocol}} . {{port}} : {{host{f}}} . {{port}},"
            ),
            Set($"set sources{f}", $"type inet_proto . inet_service . ipv{f}_addr\nsize 65536\nflags dynamic,timeout"),
            Set($"set proxied{f}", "type inet_proto . inet_service", "{protocol} . {port},"),
            Set($"set traffic{f}", Counting),
            Set($"set answered{f}", Counting),
            Set($"set opened{f}", Counting),
            Set($"map mapped_in{f}", $"type ipv{f}_addr : ipv{f}_addr", $"{{ip{f}}} : {{host{f}}},"),
            Set($"map mapped_out{f}", $"type ipv{f}_addr : ipv{f}_addr", $"{{host{f}}} : {{ip{f}}},"),
            Set($"set mapped_public{f}", $"type ipv{f}_addr", $"{{ip{f}}},"),
            Set($"set egress{f}", $"type ipv{f}_addr", $"{{ip{f}}},"),
            Set($"set inside{f}", $"type ipv{f}_addr\nflags interval", $"{{net{f}}},"),
        ];

    private const string Counting = "type inet_proto . inet_service\nsize {number}\nflags dynamic\ncounter";

    private static (string, Section) Set(string header, string statements, string? element = null) =>
        (
            $"{header} {{",
            element is null
                ? new Section("set", statements)
                : new Section("set", statements, ("elements = {", new Section(header, element)))
        );

    private static IEnumerable<(string, Section)> Chains() =>
        [
            Chain(
                "guard",
                """
                type filter hook prerouting priority mangle; policy accept;
                iifname "lo" accept
                ct state new,untracked fib daddr type local meta l4proto { tcp, udp } goto admit
                """,
                "KEYWORD saddr @blockedF goto blocked"
            ),
            Chain(
                "admit",
                "jump sources",
                """
                meta l4proto . th dport @restricted meta l4proto . th dport . KEYWORD saddr != @allowedF goto restricted
                meta l4proto . th dport . SOURCE != @sourcesF meta l4proto . th dport @limited goto limited
                """
            ),
            Chain("sources", "", SourceRules.Forms),
            Chain("blocked", Turned("blocked")),
            Chain("restricted", Turned("restricted")),
            Chain("limited", Turned("limited")),
            Chain(
                "came",
                """
                type filter hook input priority filter - 5; policy accept;
                ct direction original ct status dnat meta nfproto ipv4 tcp dport {port} update @traffic4 { meta l4proto . ct original proto-dst counter }
                """,
                "ct direction original meta nfproto ipvF meta l4proto . th dport @proxiedF update @trafficF { meta l4proto . th dport counter }"
            ),
            Chain(
                "went",
                """
                type filter hook output priority filter + 5; policy accept;
                ct direction reply ct status dnat meta nfproto ipv4 tcp sport {port} update @answered4 { meta l4proto . ct original proto-dst counter }
                """,
                "ct direction reply meta nfproto ipvF meta l4proto . th sport @proxiedF update @answeredF { meta l4proto . th sport counter }"
            ),
            Chain(
                "fit",
                """
                type filter hook forward priority mangle; policy accept;
                tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu
                """
            ),
            Chain(
                "passed",
                "type filter hook forward priority filter + 5; policy accept;",
                "ct status dnat meta nfproto ipvF ct original KEYWORD daddr != @mapped_publicF goto passedF"
            ),
            Chain(
                "prerouting",
                """
                type nat hook prerouting priority dstnat; policy accept;
                ip6 saddr @egress6 ip6 daddr 400::/7 meta l4proto { tcp, udp } th dport 53 accept
                meta nfproto ipv4 fib daddr type local meta l4proto . th dport @relayed4 meta l4proto . th dport != @ended meta l4proto tcp redirect to :{port}
                """,
                """
                meta nfproto ipvF fib daddr type local meta l4proto . th dport @proxiedF meta l4proto . th dport != @ended update @openedF { meta l4proto . th dport counter }
                meta nfproto ipvF dnat KEYWORD to KEYWORD daddr map @mapped_inF
                meta nfproto ipvF fib daddr type local meta l4proto . th dport != @ended dnat KEYWORD to meta l4proto . th dport map @dnatF
                """
            ),
            Chain(
                "postrouting",
                """
                type nat hook postrouting priority srcnat; policy accept;
                ct status dnat masquerade
                oifname "wg0" accept
                ip saddr {net4} masquerade
                """,
                """
                ct status dnat meta nfproto ipvF ct original KEYWORD daddr != @mapped_publicF jump openedF
                KEYWORD daddr @insideF accept
                meta nfproto ipvF snat KEYWORD to KEYWORD saddr map @mapped_outF
                KEYWORD saddr {ipF} meta l4proto { tcp, udp } snat KEYWORD to {poolF}
                KEYWORD saddr {ipF} snat KEYWORD to {poolF}
                KEYWORD saddr @egressF masquerade
                """
            ),
            Chain(
                "input",
                """
                type filter hook input priority filter; policy drop;
                tcp dport {port} {verdict}
                tcp dport {port} ct state new {verdict}
                iifname "lo" accept
                ct state established,related accept
                ct state invalid meta l4proto tcp reject with tcp reset
                ct state invalid drop
                icmp type { echo-request, destination-unreachable, time-exceeded, parameter-problem } accept
                icmpv6 type { echo-request, destination-unreachable, packet-too-big, time-exceeded, parameter-problem, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, nd-redirect } accept
                icmpv6 type { nd-router-solicit, mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report } accept
                udp sport 67 udp dport 68 accept
                ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept
                udp dport {port} accept comment "WireGuard"
                meta l4proto { tcp, udp } th dport 9651 accept comment "Mycelium"
                ip6 saddr @egress6 ip6 daddr 400::/7 meta l4proto { tcp, udp } th dport 53 accept comment "DNS64"
                ct status dnat tcp dport {port} accept
                limit rate {number}/{unit} burst {number} packets log prefix "chatops dropped: "
                counter name "dropped"
                limit rate over {number}/{unit} burst {number} packets drop
                meta l4proto tcp reject with tcp reset
                reject with icmpx port-unreachable
                """,
                "meta nfproto ipvF meta l4proto . th dport @proxiedF meta l4proto . th dport != @ended accept"
            ),
            Chain(
                "forward",
                """
                type filter hook forward priority filter; policy drop;
                ct state established,related accept
                ct state invalid meta l4proto tcp reject with tcp reset
                ct state invalid drop
                ct status dnat accept
                iifname "wg0" oifname "wg0" accept
                oifname != "wg0" ip saddr @egress4 ip daddr != @inside4 fib saddr . iif oif exists accept
                ip6 saddr @egress6 ip6 daddr != @inside6 fib saddr . iif oif exists accept
                oifname "nat64" ip6 saddr @egress6 ip6 daddr {net6} fib saddr . iif oif exists accept
                iifname "nat64" oifname != "wg0" ip saddr {net4} ip daddr != @inside4 accept
                counter name "dropped"
                """
            ),
            Chain(
                "output",
                """
                type filter hook output priority filter; policy accept;
                tcp sport {port} {verdict}
                oifname != "lo" ct state invalid tcp flags & rst == 0 reject with tcp reset
                """
            ),
        ];

    private static IEnumerable<(string, Section)> ChainsOf(int f) =>
        [
            Chain(
                $"passed{f}",
                string.Join(
                    '\n',
                    Protocols.SelectMany(p =>
                        new[]
                        {
                            $"ct direction original meta l4proto {p} update @traffic{f} {{ meta l4proto . ct original proto-dst counter }}",
                            $"ct direction reply meta l4proto {p} update @answered{f} {{ meta l4proto . ct original proto-dst counter }}",
                        }
                    )
                )
            ),
            Chain(
                $"opened{f}",
                string.Join(
                    '\n',
                    Protocols.Select(p => $"meta l4proto {p} update @opened{f} {{ meta l4proto . ct original proto-dst counter }}")
                )
            ),
        ];

    private static string Turned(string how) =>
        $$"""
            limit rate {number}/{unit} burst {number} packets log prefix "chatops {{how}}: "
            counter name "{{how}}" drop
            """;

    private static (string, Section) Chain(string name, string rules, string familyRules = "") =>
        (
            $"chain {name} {{",
            new Section($"chain {name}", string.Join('\n', Families.Select(f => OfFamily(familyRules, f)).Prepend(rules)))
        );

    /// <summary>
    /// Rules of a family, where F stands for its number, KEYWORD for what nft calls it and SOURCE for who counts as one client.
    /// </summary>
    public static string OfFamily(string rules, int f) =>
        rules
            .Replace("KEYWORD", f == 4 ? "ip" : "ip6", StringComparison.Ordinal)
            .Replace("SOURCE", f == 4 ? "ip saddr" : "ip6 saddr & ffff:ffff:ffff:ffff::", StringComparison.Ordinal)
            .Replace("F", $"{f}", StringComparison.Ordinal);
}
