using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Reading;

namespace ChatOps.GatewaySpecs.Reading;

/// <summary>What others have set up, in the words of nft: whether it takes or stops what clients send.</summary>
public sealed class OthersSpecs
{
    private const string Containers = """
        # Warning: table ip nat is managed by iptables-nft, do not touch!
        table ip nat {
        	chain DOCKER {
        		iifname "docker0" counter return
        		iifname != "docker0" tcp dport 8800 counter dnat to 172.17.0.2:80
        		ip daddr 203.0.113.99 tcp dport 8801 counter dnat to 172.17.0.2:80
        	}

        	chain PREROUTING {
        		type nat hook prerouting priority dstnat; policy accept;
        		fib daddr type local counter jump DOCKER
        	}
        }
        """;

    private const string Forwarding = """
        table ip filter {
        	chain DOCKER-USER {
        	}

        	chain FORWARD {
        		type filter hook forward priority filter; policy drop;
        		counter jump DOCKER-USER
        		iifname "docker0" oifname != "docker0" counter accept
        		ct state established,related counter accept
        	}
        }
        """;

    [Theory]
    [InlineData("tcp", 8800, true)]
    [InlineData("udp", 8800, false)]
    [InlineData("tcp", 8801, false)]
    [InlineData("tcp", 80, false)]
    public void A_port_that_a_container_has_is_taken(string protocol, int port, bool isTaken)
    {
        var table = OtherTable.Read("ip", "nat", Containers);
        Assert.Equal(isTaken, table.Takes(Packet(4, port, protocol: Of(protocol))) is not null);
        Assert.Null(table.Takes(Packet(6, port, protocol: Of(protocol))));
    }

    [Theory]
    [InlineData("tcp dport 80 redirect to :8080", 80)]
    [InlineData("tcp dport { 80, 443 } dnat to 10.0.0.1", 443)]
    [InlineData("tcp dport 8000-9000 dnat to 10.0.0.1", 8500)]
    [InlineData("dnat to tcp dport map { 80 : 10.0.0.1, 81 : 10.0.0.2 }", 81)]
    [InlineData("meta l4proto tcp tcp dport @web dnat ip to 10.0.0.1", 82)]
    [InlineData("tcp dport 80 counter packets 3 bytes 180 xt target \"DNAT\"", 80)]
    [InlineData("ip saddr 198.51.100.0/24 tcp dport 80 dnat to 10.0.0.1", 80)]
    public void However_it_is_written(string rule, int port)
    {
        var table = OtherTable.Read(
            "inet",
            "t",
            $$"""
            table inet t {
            	set web {
            		type inet_service
            		elements = { 82,
            			     83 }
            	}

            	chain c {
            		type nat hook prerouting priority -110; policy accept;
            		{{rule}}
            	}
            }
            """
        );
        Assert.NotNull(table.Takes(Packet(4, port)));
        Assert.Null(table.Takes(Packet(4, 7)));
    }

    [Fact]
    public void What_containers_send_out_takes_nothing() =>
        Assert.Null(
            OtherTable
                .Read(
                    "ip",
                    "t",
                    "table ip t {\n\tchain c {\n\t\ttype nat hook prerouting priority dstnat; policy accept;\n\t\tip saddr 172.17.0.0/16 dnat to 10.0.0.1\n\t}\n}"
                )
                .Takes(Packet(4, 80))
        );

    [Fact]
    public void A_chain_that_drops_what_it_does_not_name_stops_clients_of_its_family()
    {
        var table = OtherTable.Read("ip", "filter", Forwarding);
        Assert.Equal("chain FORWARD of table ip filter (policy drop)", table.Stops("forward", Forwarded(4)));
        Assert.Null(table.Stops("forward", Forwarded(6)));
        Assert.Null(table.Stops("input", Packet(4, 80)));
    }

    [Theory]
    [InlineData("ct status dnat counter accept")]
    [InlineData("ip daddr 10.1.0.2 tcp dport 8080 accept")]
    [InlineData("ct state new,established accept")]
    [InlineData("accept")]
    public void But_not_those_whom_it_lets_through(string rule) =>
        Assert.Null(
            OtherTable
                .Read(
                    "ip",
                    "filter",
                    Forwarding.Replace("\tchain DOCKER-USER {\n", $"\tchain DOCKER-USER {{\n\t\t{rule}\n", StringComparison.Ordinal)
                )
                .Stops("forward", Forwarded(4))
        );

    [Theory]
    [InlineData("policy accept", "reject with icmpx admin-prohibited", true)]
    [InlineData("policy accept", "tcp dport 8080 drop", true)]
    [InlineData("policy accept", "tcp dport vmap { 8080 : drop, 81 : accept }", true)]
    [InlineData("policy accept", "ct state vmap { established : accept, new : jump hard }", true)]
    [InlineData("policy accept", "ip saddr @banned drop", false)]
    [InlineData("policy accept", "ip daddr 172.17.0.2 drop", false)]
    [InlineData("policy accept", "limit rate over 10/second drop", false)]
    [InlineData("policy accept", "iifname \"wlan*\" drop", false)]
    [InlineData("policy drop", "limit rate 10/second accept", true)]
    public void By_policy_or_by_rule(string policy, string rule, bool isStopped)
    {
        var table = OtherTable.Read(
            "inet",
            "t",
            $$"""
            table inet t {
            	chain hard {
            		log prefix "no { way: " level warn
            		drop
            	}

            	chain c {
            		type filter hook forward priority filter - 1; {{policy}};
            		{{rule}}
            	}
            }
            """
        );
        Assert.Equal(isStopped, table.Stops("forward", Forwarded(4)) is not null);
    }

    private static FirstPacket Packet(int family, int port, string? to = null, Protocol protocol = Protocol.Tcp) =>
        new(family, protocol, port, to, to is not null, ["eth0"], ["203.0.113.10", "2001:db8::10"]);

    private static Protocol Of(string name) => name == "tcp" ? Protocol.Tcp : Protocol.Udp;

    private static FirstPacket Forwarded(int family) => Packet(family, 8080, family == 4 ? "10.1.0.2" : "400::100:0:0:2");
}
