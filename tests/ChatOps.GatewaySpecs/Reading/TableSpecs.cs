using ChatOps.Gateway.Reading;

namespace ChatOps.GatewaySpecs.Reading;

/// <summary>What the gateway takes for the same table: listings of it, as nft prints them, that mean the same.</summary>
public sealed class TableSpecs
{
    // As nft 1.0.6 to 1.1.5 list it after a full load.
    private const string Loaded = """
        table inet chatops {
        	set restricted {
        		type inet_proto . inet_service
        		elements = { 6 . 22, 6 . 80 }
        	}

        	set allowed4 {
        		type inet_proto . inet_service . ipv4_addr
        		flags interval
        		elements = { 6 . 22 . 198.51.100.0/24,
        			     6 . 80 . 203.0.113.0/24 }
        	}

        	set traffic4 {
        		type inet_proto . inet_service
        		size 131072
        		flags dynamic
        		counter
        	}

        	set sources6 {
        		type inet_proto . inet_service . ipv6_addr
        		size 65536
        		flags dynamic,timeout
        	}

        	chain input {
        		type filter hook input priority filter; policy drop;
        		tcp dport { 22, 80 } counter packets 0 bytes 0 accept comment "ours, # 1"
        	}
        }

        """;

    [Fact]
    public void Remarks_mean_nothing() =>
        Assert.Equal(TableListing.Meaning(Loaded), TableListing.Meaning(With("size 131072", "size 131072\t# count 2")));

    [Fact]
    public void What_packets_have_done_means_nothing()
    {
        Assert.Equal(TableListing.Meaning(Loaded), TableListing.Meaning(With("packets 0 bytes 0", "packets 12 bytes 840")));
        Assert.Equal(
            TableListing.Meaning(Loaded),
            TableListing.Meaning(
                With(
                    "\t\tcounter\n",
                    "\t\tcounter\n\t\telements = { 6 . 80 counter packets 3 bytes 180,\n\t\t\t     17 . 53 counter packets 1 bytes 60 }\n"
                )
            )
        );
    }

    [Fact]
    public void Nor_does_who_is_remembered_for_a_limit() =>
        Assert.Equal(
            TableListing.Meaning(Loaded),
            TableListing.Meaning(
                With(
                    "\t\tflags dynamic,timeout\n",
                    "\t\tflags dynamic,timeout\n\t\telements = { 6 . 80 . 2001:db8:9:1:: limit rate over 5/second timeout 1s expires 416ms,\n\t\t\t     17 . 53 . 2001:db8:9:2:: limit rate over 4/hour burst 4 packets timeout 3600s expires 3597s }\n"
                )
            )
        );

    [Fact]
    public void Nor_does_the_order_in_which_a_set_was_filled() =>
        Assert.Equal(
            TableListing.Meaning(Loaded),
            TableListing.Meaning(
                With(
                    "6 . 22 . 198.51.100.0/24,\n\t\t\t     6 . 80 . 203.0.113.0/24 }",
                    "6 . 80 . 203.0.113.0/24, 6 . 22 . 198.51.100.0/24 }"
                )
            )
        );

    [Theory]
    [InlineData("6 . 22, 6 . 80", "6 . 22")]
    [InlineData("6 . 22, 6 . 80", "6 . 22, 6 . 81")]
    [InlineData("198.51.100.0/24", "198.51.100.0/23")]
    [InlineData("size 131072", "size 65536")]
    [InlineData("policy drop", "policy accept")]
    [InlineData("{ 22, 80 }", "{ 22, 81 }")]
    [InlineData("ours, # 1", "ours, # 2")]
    [InlineData("		type filter", "		tcp dport 4444 accept\n		type filter")]
    public void All_else_does(string text, string replacement) =>
        Assert.NotEqual(TableListing.Meaning(Loaded), TableListing.Meaning(With(text, replacement)));

    [Fact]
    public void What_it_means_is_an_element_a_line() =>
        Assert.Equal(
            """
            table inet chatops {
            	set allowed4 {
            		type inet_proto . inet_service . ipv4_addr
            		6 . 22 . 198.51.100.0/24
            		6 . 80 . 203.0.113.0/24
            	}
            	set ended {
            	}
            	chain input {
            		tcp dport { 22, 80 } counter accept comment "ours, packets 1 bytes 1 # 1"
            	}
            }

            """,
            TableListing.Meaning(
                """
                table inet chatops {
                	set allowed4 {	# handle 7
                		type inet_proto . inet_service . ipv4_addr
                		elements = { 6 . 80 . 203.0.113.0/24, 6 . 22 . 198.51.100.0/24 }
                	}
                	set ended {
                		elements = { 6 . 80 }
                	}
                	chain input {
                		tcp dport { 22, 80 } counter packets 9 bytes 540 accept comment "ours, packets 1 bytes 1 # 1"
                	}
                }

                """
            )
        );

    private static string With(string text, string replacement)
    {
        Assert.Contains(text, Loaded, StringComparison.Ordinal);
        return Loaded.Replace(text, replacement, StringComparison.Ordinal);
    }
}
