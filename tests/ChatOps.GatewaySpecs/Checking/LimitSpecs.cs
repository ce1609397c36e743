namespace ChatOps.GatewaySpecs.Checking;

/// <summary>A limit for each source: a rule a family, with the rate that its port has.</summary>
public sealed class LimitSpecs
{
    private const string Rule =
        "meta l4proto tcp th dport 80 update @sources4 { meta l4proto . th dport . ip saddr timeout 1s limit rate over 100/second burst 100 packets } goto limited";

    [Fact]
    public void It_may_have_any_rate_that_its_port_has()
    {
        var bundle = Bundle.Named("firewall");
        var text = bundle["nftables.nft"]
            .Replace("100/second burst 100", "5/hour burst 5", StringComparison.Ordinal)
            .Replace("timeout 1s", "timeout 1h", StringComparison.Ordinal);
        Assert.Contains("timeout 1h limit rate over 5/hour burst 5 packets", text, StringComparison.Ordinal);
        Assert.Null(bundle.With("nftables.nft", text).Check());
    }

    [Theory]
    [InlineData(
        "over 100/second burst 100 packets }",
        "over 101/second burst 100 packets }",
        "set limited does not have: tcp . 80 limit rate over 101/second burst 100 packets"
    )]
    [InlineData(
        "over 100/second burst 100 packets }",
        "over 100/second burst 9 packets }",
        "set limited does not have: tcp . 80 limit rate over 100/second burst 9 packets"
    )]
    [InlineData(
        "th dport 80 update",
        "th dport 81 update",
        "set limited does not have: tcp . 81 limit rate over 100/second burst 100 packets"
    )]
    [InlineData(
        "th dport 80 update",
        "th dport 8200 update",
        "set limited does not have: tcp . 8200 limit rate over 100/second burst 100 packets"
    )]
    [InlineData("l4proto tcp", "l4proto udp", "set limited does not have: udp . 80 limit rate over 100/second burst 100 packets")]
    public void Its_rate_is_the_one_of_its_port(string text, string replacement, string reason) =>
        Assert.EndsWith(
            $": {reason}",
            Refusal("chain sources", Rule, Rule.Replace(text, replacement, StringComparison.Ordinal)),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("timeout 1s", "timeout 365d")]
    [InlineData("timeout 1s ", "")]
    [InlineData("@sources4", "@sources6")]
    [InlineData("@sources4", "@blocked4")]
    [InlineData("goto limited", "accept")]
    [InlineData("goto limited", "goto limited accept")]
    [InlineData("ip saddr", "ip daddr")]
    public void It_is_written_as_the_template_writes_it(string text, string replacement) =>
        Assert.Contains(
            ": should be: meta l4proto PROTO th dport PORT update @sources",
            Refusal("chain sources", Rule, Rule.Replace(text, replacement, StringComparison.Ordinal)),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("set sources6", "size 65536", "size 999999999", "should be: size 65536")]
    [InlineData("set sources4", "flags dynamic,timeout", "flags dynamic", "should be: flags dynamic,timeout")]
    [InlineData(
        "set limited",
        "      tcp . 80 limit rate over 100/second burst 100 packets,\n",
        "      tcp . 80 limit rate over 100/second burst 100 packets,\n      tcp . 80 limit rate over 1/second burst 1 packets,\n",
        "tcp 80 has a rate already"
    )]
    [InlineData(
        "chain admit",
        "& ffff:ffff:ffff:ffff::",
        "& ffff:ffff:ffff:ffff:ffff::",
        "should be: meta l4proto . th dport . ip6 saddr & ffff:ffff:ffff:ffff:: != @sources6 meta l4proto . th dport @limited goto limited"
    )]
    public void So_is_what_it_needs(string part, string text, string replacement, string reason) =>
        Assert.EndsWith($": {reason}", Refusal(part, text, replacement), StringComparison.Ordinal);

    // The first of these texts in a part of the file.
    private static string Refusal(string part, string text, string replacement)
    {
        var bundle = Bundle.Named("firewall");
        var file = bundle["nftables.nft"];
        var at = file.IndexOf(text, file.IndexOf($"  {part} {{", StringComparison.Ordinal), StringComparison.Ordinal);
        var fault = bundle.With("nftables.nft", $"{file[..at]}{replacement}{file[(at + text.Length)..]}").Check();
        Assert.NotNull(fault);
        Assert.Equal("nftables.nft", fault.File);
        return fault.Reason;
    }
}
