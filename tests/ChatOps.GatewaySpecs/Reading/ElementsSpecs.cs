using ChatOps.Gateway.Reading;

namespace ChatOps.GatewaySpecs.Reading;

/// <summary>What the gateway takes for a difference in elements alone.</summary>
public sealed class ElementsSpecs
{
    private const string Table = """
        table inet chatops {
          map dnat4 {
            type inet_proto . inet_service : ipv4_addr . inet_service
            elements = {
              tcp . 80 : 10.1.0.2 . 8080,
              tcp . 81 : 10.1.0.2 . 8080,
            }
          }

          set limited {
            type inet_proto . inet_service
          }

          chain sources {
            meta l4proto tcp th dport 80 update @sources4 { meta l4proto . th dport . ip saddr timeout 1s limit rate over 5/second burst 5 packets } goto limited
          }

          chain input {
            tcp dport 22 accept
          }
        }

        """;

    [Fact]
    public void Elements_that_go_and_come_are_one_transaction() =>
        Assert.Equal(
            """
            delete element inet chatops dnat4 { tcp . 80 : 10.1.0.2 . 8080 }
            add element inet chatops dnat4 { tcp . 80 : 10.1.0.9 . 8080, udp . 82 : 10.1.0.2 . 53 }

            """,
            Elements.Between(
                Table,
                With("tcp . 80 : 10.1.0.2", "tcp . 80 : 10.1.0.9")
                    .Replace("8080,\n    }", "8080,\n      udp . 82 : 10.1.0.2 . 53,\n    }", StringComparison.Ordinal)
            )
        );

    [Fact]
    public void A_port_that_closes_takes_what_was_counted_with_it() =>
        Assert.Equal(
            """
            delete element inet chatops dnat4 { tcp . 80 : 10.1.0.2 . 8080, tcp . 81 : 10.1.0.2 . 8080 }
            add element inet chatops dnat4 { tcp . 80 : 10.1.0.9 . 8080 }
            add element inet chatops traffic4 { tcp . 81 }
            delete element inet chatops traffic4 { tcp . 81 }
            add element inet chatops answered4 { tcp . 81 }
            delete element inet chatops answered4 { tcp . 81 }
            add element inet chatops opened4 { tcp . 81 }
            delete element inet chatops opened4 { tcp . 81 }

            """,
            Elements.Between(
                Table,
                With("tcp . 80 : 10.1.0.2", "tcp . 80 : 10.1.0.9")
                    .Replace("      tcp . 81 : 10.1.0.2 . 8080,\n", "", StringComparison.Ordinal)
            )
        );

    [Fact]
    public void The_first_element_of_a_set_brings_its_block_and_the_last_one_takes_it_along()
    {
        var with = With(
            "inet_service\n  }",
            "inet_service\n    elements = {\n      tcp . 80 limit rate over 10/second burst 10 packets,\n    }\n  }"
        );

        Assert.Equal(
            "add element inet chatops limited { tcp . 80 limit rate over 10/second burst 10 packets }\n",
            Elements.Between(Table, with)
        );
        Assert.Equal("delete element inet chatops limited { tcp . 80 }\n", Elements.Between(with, Table));
    }

    // A source that is remembered has the rate of the rule that first saw it.
    [Fact]
    public void Rules_of_sources_come_anew_and_all_are_forgotten()
    {
        const string Rule =
            "meta l4proto tcp th dport 80 update @sources4 { meta l4proto . th dport . ip saddr timeout 1s limit rate over 5/second burst 5 packets } goto limited";
        const string Flushed = "flush chain inet chatops sources\nflush set inet chatops sources4\nflush set inet chatops sources6\n";
        var other = Rule.Replace(" 80 ", " 81 ", StringComparison.Ordinal);

        Assert.Equal(
            $"{Flushed}add rule inet chatops sources {Rule}\nadd rule inet chatops sources {other}\n",
            Elements.Between(Table, With(Rule, $"{Rule}\n    {other}"))
        );
        Assert.Equal(Flushed, Elements.Between(Table, With($"    {Rule}\n", "")));
        Assert.Equal($"{Flushed}add rule inet chatops sources {Rule}\n", Elements.Between(With($"    {Rule}\n", ""), Table));
    }

    [Fact]
    public void The_same_table_is_an_empty_transaction() => Assert.Equal("", Elements.Between(Table, Table));

    [Theory]
    [InlineData("tcp dport 22 accept", "tcp dport 23 accept")]
    [InlineData("tcp dport 22 accept\n", "tcp dport 22 accept\n      tcp dport 23 accept,\n")]
    [InlineData("set limited", "set restricted")]
    [InlineData("burst 5 packets", "burst 5 packets log")]
    [InlineData("timeout 1s limit rate over 5/second", "timeout 1h limit rate over 5/second")]
    [InlineData("} goto limited\n", "} goto limited\n    accept\n")]
    [InlineData("} goto limited\n", "} goto limited\n    # told\n")]
    [InlineData("chain sources {", "chain sauces {")]
    [InlineData("  set limited {\n    type inet_proto . inet_service\n  }\n", "")]
    [InlineData("tcp . 81 : 10.1.0.2 . 8080,", "tcp . 81 : 10.1.0.2 . 8080 }; include \"/run/marker\",")]
    [InlineData("tcp . 81 : 10.1.0.2 . 8080,", "tcp . 81 : $target . 8080,")]
    [InlineData("tcp . 81 : 10.1.0.2 . 8080,", "tcp . 81 : 10.1.0.2 . 8080")]
    [InlineData("    }\n  }\n\n  set", "    }\n    flags interval\n  }\n\n  set")]
    [InlineData("    }\n  }\n\n  set", "  }\n\n  set")]
    public void Anything_else_is_not(string text, string replacement) => Assert.Null(Elements.Between(Table, With(text, replacement)));

    [Fact]
    public void A_table_that_does_not_end_is_not() => Assert.Null(Elements.Between(Table, Table.TrimEnd('\n')));

    private static string With(string text, string replacement)
    {
        Assert.Contains(text, Table, StringComparison.Ordinal);
        return Table.Replace(text, replacement, StringComparison.Ordinal);
    }
}
