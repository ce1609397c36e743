using ChatOps.Gateway.Checking;

namespace ChatOps.GatewaySpecs.Checking;

/// <summary>Only what changed is looked at, and what did not must still agree with lists that did.</summary>
public sealed class UnchangedSpecs
{
    [Theory]
    [InlineData("nginx", "exposures", "tcp 53 nginx 6", "tcp 54 nginx 6", "listeners")]
    [InlineData("haproxy", "listeners", "tcp 4 7000 haproxy\n", "", "haproxy.cfg")]
    [InlineData("firewall", "rules", "admit tcp 22 198.51.100.0/24\n", "", "nftables.nft")]
    [InlineData("mapping", "rules", "map 203.0.113.11 10.1.0.2\n", "", "nftables.nft")]
    [InlineData("wireguard", "wg0.conf", "Address = 10.1.0.1/16", "Address = 10.1.0.2/16", "wg0.conf")]
    [InlineData("mapping", "addresses", "203.0.113.11\n", "203.0.113.11\n10.1.0.2\n", "rules")]
    public void A_file_that_is_the_same_is_held_against_what_is_not(
        string name,
        string file,
        string text,
        string replacement,
        string blamed
    )
    {
        var bundle = Bundle.Named(name).With(file, text, replacement);
        Assert.Equal(blamed, Check(bundle, file)?.File);
    }

    [Fact]
    public void Without_other_lists_the_rest_is_not_looked_at_again()
    {
        var bundle = Bundle.Named("nginx").With("nftables.nft", "tcp dport 22 accept", "marker");
        Assert.Null(Check(bundle, "nginx.conf"));
        Assert.Equal("nftables.nft", Check(bundle, "exposures")?.File);
    }

    private static Fault? Check(Bundle bundle, string changed) =>
        BundleCheck.Check(
            new BundleFiles
            {
                ToLookAt = BundleCheck.ToLookAt(bundle.Files, [changed]),
                Exposures = Exposures.Parse(bundle.Files["exposures"], out _),
                Listeners = Listeners.Parse(bundle.Files["listeners"], out _),
                Own = Bundle.Own,
                Rules = bundle.Files.GetValueOrDefault("rules", []),
            }
        );
}
