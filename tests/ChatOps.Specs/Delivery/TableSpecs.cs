namespace ChatOps.Specs.Delivery;

/// <summary>What the gateway takes for the same table: listings of it, as nft prints them, that mean the same.</summary>
public sealed class TableSpecs : IDisposable
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

        	chain input {
        		type filter hook input priority filter; policy drop;
        		tcp dport { 22, 80 } counter packets 0 bytes 0 accept comment "ours, # 1"
        	}
        }

        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [AwkFact]
    public void Remarks_mean_nothing() =>
        Assert.Equal(Meaning(Loaded), Meaning(With("size 131072", "size 131072\t# count 2")));

    [AwkFact]
    public void What_packets_have_done_means_nothing()
    {
        Assert.Equal(Meaning(Loaded), Meaning(With("packets 0 bytes 0", "packets 12 bytes 840")));
        Assert.Equal(
            Meaning(Loaded),
            Meaning(With("\t\tcounter\n", "\t\tcounter\n\t\telements = { 6 . 80 counter packets 3 bytes 180,\n\t\t\t     17 . 53 counter packets 1 bytes 60 }\n"))
        );
    }

    [AwkFact]
    public void Nor_does_the_order_in_which_a_set_was_filled() =>
        Assert.Equal(
            Meaning(Loaded),
            Meaning(With("6 . 22 . 198.51.100.0/24,\n\t\t\t     6 . 80 . 203.0.113.0/24 }", "6 . 80 . 203.0.113.0/24, 6 . 22 . 198.51.100.0/24 }"))
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
    public void All_else_does(string text, string replacement)
    {
        if (File.Exists(AwkFactAttribute.Program))
            Assert.NotEqual(Meaning(Loaded), Meaning(With(text, replacement)));
    }

    private static string With(string text, string replacement)
    {
        Assert.Contains(text, Loaded, StringComparison.Ordinal);
        return Loaded.Replace(text, replacement, StringComparison.Ordinal);
    }

    private string Meaning(string listing)
    {
        File.WriteAllText(_folder.In("listing"), listing);
        var (text, exit) = Awk.Run("table.awk", _folder.In("listing"));
        Assert.Equal(0, exit);
        return text;
    }
}
