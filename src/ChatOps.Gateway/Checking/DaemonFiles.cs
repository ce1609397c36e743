namespace ChatOps.Gateway.Checking;

internal static class DaemonFiles
{
    /// <summary>dnsmasq.conf: DNS of VMs on the public addresses. No script, no other file, no DHCP.</summary>
    public static Format Dnsmasq { get; } =
        new(
            "dnsmasq.conf",
            new Section(
                "",
                """
                port={port}
                bind-dynamic
                listen-address={held}
                no-resolv
                no-poll
                no-hosts
                server={target}#{port}
                cache-size={number}
                dns-forward-max={number}
                edns-packet-max={number}
                """
            ),
            declared => new DnsPorts(declared)
        )
        {
            Needs = Format.Always("bind-dynamic", "no-resolv", "no-poll", "no-hosts", "listen-address={held}"),
        };

    /// <summary>kamailio.cfg: where SIP goes. How it goes is in a file of the gateway's own.</summary>
    public static Format Kamailio { get; } =
        new(
            "kamailio.cfg",
            new Section(
                "",
                """
                listen=udp:{socket}
                listen=tcp:{socket}
                include_file "/usr/local/lib/chatops/sip.cfg"
                """,
                (
                    "route[TARGET] {",
                    new Section(
                        "route[TARGET]",
                        """
                        if (src_ip == {bracketed} && dst_ip == {bracketed}) { $var(next) = ""; return; }
                        if (dst_port == {port}) { $var(next) = "sip:{backend}"; $var(from) = "{socket}"; return; }
                        """
                    )
                )
            ),
            declared => new SipPorts(declared)
        );

    /// <summary>unbound.conf: DNS64 on the gateway's inside addresses, port 53, forwarded to the gateway's own resolvers or to others'
    /// machines.</summary>
    public static Format Unbound { get; } =
        new(
            "unbound.conf",
            new Section(
                "",
                "include: /run/chatops-unbound/resolvers.conf",
                (
                    "server:",
                    new Section(
                        "server:",
                        """
                        interface: {held}@53
                        ip-freebind: {yes}
                        access-control: {net} allow
                        module-config: "dns64 iterator"
                        dns64-prefix: {net6}
                        unblock-lan-zones: {yes}
                        local-zone: "home.arpa." transparent
                        do-not-query-localhost: {yes}
                        hide-identity: {yes}
                        hide-version: {yes}
                        num-threads: {number}
                        do-daemonize: no
                        use-syslog: no
                        username: ""
                        chroot: ""
                        directory: ""
                        pidfile: ""
                        """
                    )
                    {
                        HasBraces = false,
                    }
                ),
                (
                    "forward-zone:",
                    new Section(
                        "forward-zone:",
                        """
                        name: "."
                        forward-addr: {target}
                        """
                    )
                    {
                        HasBraces = false,
                    }
                )
            ),
            _ => new Prefixes()
        )
        {
            Needs = Format.Always(
                "do-not-query-localhost: {yes}",
                "do-daemonize: no",
                "use-syslog: no",
                "username: \"\"",
                "chroot: \"\"",
                "directory: \"\"",
                "pidfile: \"\""
            ),
        };

    /// <summary>tayga.conf: NAT64. The device, the folder and what kind of networks it takes are fixed.</summary>
    public static Format Tayga { get; } =
        new(
            "tayga.conf",
            new Section(
                "",
                """
                tun-device nat64
                ipv4-addr {ip4}
                prefix {net6}
                dynamic-pool {net4}
                data-dir /run/chatops-tayga
                """
            ),
            _ => new Prefixes()
        );

    private sealed class DnsPorts(Declared declared) : OnePort(declared, "dnsmasq", "port=PORT", Protocol.Udp, Protocol.Tcp)
    {
        public override string? Look(Statement statement) =>
            statement.Text switch
            {
                "port={port}" => Listen(statement[0].Number),
                "server={target}#{port}" => Lead(statement, (statement[0].Address, statement[1].Number)),
                _ => null,
            };
    }

    // Which of its addresses kamailio listens on is the gateway's own matter; the VM's own calls go out over the one inside.
    private sealed class SipPorts(Declared declared) : Examiner
    {
        public override string? Look(Statement statement) =>
            statement.Text switch
            {
                "listen=udp:{socket}" => declared.WhyNotListen("kamailio", Protocol.Udp, statement[0].Number),
                "listen=tcp:{socket}" => declared.WhyNotListen("kamailio", Protocol.Tcp, statement[0].Number),
                "if (dst_port == {port}) { $var(next) = \"sip:{backend}\"; $var(from) = \"{socket}\"; return; }" => declared.WhyNotLead(
                    "kamailio",
                    Protocol.Udp,
                    statement[0].Number,
                    statement[1].Socket
                ) ?? (statement[2].Number == statement[0].Number ? null : $"should come from port {statement[0].Number}"),
                _ => null,
            };
    }

    // What stands for IPv4, and what VMs get of it on their way out, are networks of nobody else.
    private sealed class Prefixes : Examiner
    {
        private static readonly (Ip Prefix, int Bits)[] Private =
        [
            (Ip.Parse("10.0.0.0"), 8),
            (Ip.Parse("100.64.0.0"), 10),
            (Ip.Parse("172.16.0.0"), 12),
            (Ip.Parse("192.168.0.0"), 16),
            (Ip.Parse("64:ff9b::"), 32),
            (Ip.Parse("fc00::"), 7),
        ];

        public override string? Look(Statement statement) =>
            statement.Text switch
            {
                "prefix {net6}" or "dns64-prefix: {net6}" when statement[0].Number != 96 => "should be a PREFIX/96",
                "prefix {net6}" or "dns64-prefix: {net6}" => WhyNotPrivate(statement[0]),
                "dynamic-pool {net4}" => WhyNotPrivate(statement[0]),
                "ipv4-addr {ip4}" => WhyNotPrivate(statement[0] with { Number = 32 }),
                _ => null,
            };

        private static string? WhyNotPrivate(Value network) =>
            Array.Exists(Private, p => p.Bits <= network.Number && network.Address.IsIn(p.Prefix, p.Bits))
                ? null
                : $"{network.Address} is not in a network for private use";
    }
}
