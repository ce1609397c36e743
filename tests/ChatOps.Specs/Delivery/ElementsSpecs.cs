using System.Diagnostics;

namespace ChatOps.Specs.Delivery;

/// <summary>What the gateway takes for a difference in elements alone. Nothing else looks at the lines that such a difference brings.</summary>
public sealed class ElementsSpecs : IDisposable
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

          chain input {
            tcp dport 22 accept
          }
        }

        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [AwkFact]
    public void Elements_that_go_and_come_are_one_transaction() =>
        Assert.Equal(
            """
            delete element inet chatops dnat4 { tcp . 80 : 10.1.0.2 . 8080 }
            add element inet chatops dnat4 { tcp . 80 : 10.1.0.9 . 8080, udp . 82 : 10.1.0.2 . 53 }

            """,
            Transaction(
                Table
                    .Replace("tcp . 80 : 10.1.0.2", "tcp . 80 : 10.1.0.9", StringComparison.Ordinal)
                    .Replace("8080,\n    }", "8080,\n      udp . 82 : 10.1.0.2 . 53,\n    }", StringComparison.Ordinal)
            )
        );

    [AwkFact]
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
            Transaction(
                Table
                    .Replace("tcp . 80 : 10.1.0.2", "tcp . 80 : 10.1.0.9", StringComparison.Ordinal)
                    .Replace("      tcp . 81 : 10.1.0.2 . 8080,\n", "", StringComparison.Ordinal)
            )
        );

    [AwkFact]
    public void The_first_element_of_a_set_brings_its_block_and_the_last_one_takes_it_along()
    {
        var with = Table.Replace(
            "inet_service\n  }",
            "inet_service\n    elements = {\n      tcp . 80 limit rate over 10/second burst 10 packets,\n    }\n  }",
            StringComparison.Ordinal
        );

        Assert.Equal("add element inet chatops limited { tcp . 80 limit rate over 10/second burst 10 packets }\n", Transaction(with));
        Assert.Equal("delete element inet chatops limited { tcp . 80 }\n", Transaction(Table, with));
    }

    [Theory]
    [InlineData("tcp dport 22 accept", "tcp dport 23 accept")]
    [InlineData("tcp dport 22 accept\n", "tcp dport 22 accept\n      tcp dport 23 accept,\n")]
    [InlineData("set limited", "set restricted")]
    [InlineData("  set limited {\n    type inet_proto . inet_service\n  }\n", "")]
    [InlineData("tcp . 81 : 10.1.0.2 . 8080,", "tcp . 81 : 10.1.0.2 . 8080 }; include \"/etc/shadow\",")]
    [InlineData("tcp . 81 : 10.1.0.2 . 8080,", "tcp . 81 : $target . 8080,")]
    [InlineData("tcp . 81 : 10.1.0.2 . 8080,", "tcp . 81 : 10.1.0.2 . 8080")]
    [InlineData("    }\n  }\n\n  set", "    }\n    flags interval\n  }\n\n  set")]
    public void Anything_else_is_not(string text, string replacement)
    {
        if (!File.Exists(AwkFactAttribute.Program))
            return;
        Assert.Contains(text, Table, StringComparison.Ordinal);
        Assert.Null(Transaction(Table.Replace(text, replacement, StringComparison.Ordinal)));
    }

    // Null when it is more than elements.
    private string? Transaction(string after, string before = Table)
    {
        File.WriteAllText(_folder.In("before"), before);
        File.WriteAllText(_folder.In("after"), after);
        string[] input = [SaidBy("grep", "-nv", "^      ", "before"), "new\n", SaidBy("grep", "-nv", "^      ", "after"), "difference\n", SaidBy("diff", "before", "after")];
        File.WriteAllText(_folder.In("input"), string.Concat(input));
        var (text, exit) = Awk.Run("elements.awk", _folder.In("input"));
        return exit == 0 ? text : null;
    }

    private string SaidBy(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, WorkingDirectory = _folder.Path })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return said;
    }
}
