namespace ChatOps.Gateway.Checking;

/// <summary>
/// haproxy.cfg: TCP over several VMs, and the relay of IPv4 clients to VMs without an IPv4 address. HAProxy takes quotes, backslashes and
/// variables apart before it reads its words: none of them is in any of these lines, and no file of this machine but the socket of its
/// statistics.
/// </summary>
internal static class HaproxyFile
{
    private const string Listen = """
        balance leastconn
        balance roundrobin
        option redispatch
        option tcp-check
        tcp-check expect rstring ^SSH-2.0-
        default-server check inter {time} fall {number} rise {number}
        default-server check inter {time} fall {number} rise {number} send-proxy
        default-server check inter {time} fall {number} rise {number} send-proxy-v2
        server {name} {backend}

        """;

    // Where the map leads is the map's business, and looked at there.
    private const string Relay = """
        tcp-request content set-var(sess.vm) dst_port,map_int(/run/chatops/relay4.map)
        tcp-request content reject unless { var(sess.vm) -m found }
        tcp-request content set-dst var(sess.vm),field(1,/)
        tcp-request content set-dst-port var(sess.vm),field(2,/)
        retries {number}
        server vm 0.0.0.0:0

        """;

    /// <summary>The map of the relay: by which public port IPv4 clients come, and where it leads.</summary>
    public static Format Map { get; } = new("relay4.map", new Section("", "{port} {target}/{port}"), declared => new Lines(declared));

    public static Format Format { get; } =
        new(
            "haproxy.cfg",
            new Section(
                "",
                "",
                (
                    "global",
                    new Section(
                        "global",
                        """
                        maxconn {number}
                        user haproxy
                        group haproxy
                        hard-stop-after {time}
                        stats socket /run/chatops-haproxy/haproxy.sock mode 600 level {level}
                        """
                    )
                    {
                        HasBraces = false,
                    }
                ),
                (
                    "defaults",
                    new Section(
                        "defaults",
                        """
                        mode tcp
                        timeout connect {time}
                        timeout client {time}
                        timeout server {time}
                        option clitcpka
                        option srvtcpka
                        """
                    )
                    {
                        HasBraces = false,
                    }
                ),
                ("listen relay4", new Section("relay4", Relay + "bind 0.0.0.0:{port}") { HasBraces = false }),
                ("listen tcp-{port}-ipv4", new Section("listen", Listen + "bind 0.0.0.0:{port}") { HasBraces = false }),
                ("listen tcp-{port}-ipv6", new Section("listen", Listen + "bind :::{port} v6only") { HasBraces = false })
            ),
            declared => new Ports(declared)
        );

    /// <summary>Each part listens on the port that it is named for, which is in the lists with every server.</summary>
    private sealed class Ports(Declared declared) : Examiner
    {
        private (int Family, int Port) _listen;

        public override string? Look(Statement statement)
        {
            switch (statement.Text)
            {
                case "listen tcp-{port}-ipv4":
                    _listen = (4, statement[0].Number);
                    return null;
                case "listen tcp-{port}-ipv6":
                    _listen = (6, statement[0].Number);
                    return null;
                case "listen relay4":
                    _listen = (4, 0);
                    return null;
                case "bind 0.0.0.0:{port}" when _listen.Port == 0:
                    return declared.WhyNotRelay(4, statement[0].Number);
                case "bind 0.0.0.0:{port}":
                case "bind :::{port} v6only":
                    return statement[0].Number == _listen.Port
                        ? declared.WhyNotListen("haproxy", Protocol.Tcp, _listen.Family, _listen.Port)
                        : $"should bind {_listen.Port}, as its name says";
                case "server {name} {backend}":
                    return declared.WhyNotLead("haproxy", Protocol.Tcp, _listen.Family, _listen.Port, statement[1].Socket);
                default:
                    return null;
            }
        }
    }

    /// <summary>Each line is in the list of exposures, and each port once.</summary>
    private sealed class Lines(Declared declared) : Examiner
    {
        private readonly HashSet<int> _ports = [];

        public override string? Look(Statement statement) =>
            !_ports.Add(statement[0].Number)
                ? $"{statement[0].Number} is there twice"
                : declared.WhyNotLead("relay", Protocol.Tcp, 4, statement[0].Number, (statement[1].Address, statement[2].Number));
    }
}
