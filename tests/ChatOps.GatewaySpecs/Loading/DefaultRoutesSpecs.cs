using ChatOps.Gateway.Loading;

namespace ChatOps.GatewaySpecs.Loading;

/// <summary>Which ways out of the machine are lost, from what "ip" says before and after.</summary>
public sealed class DefaultRoutesSpecs
{
    private const string One = "default via 192.0.2.1 dev eth0 proto dhcp src 192.0.2.9 metric 100 ";
    private const string Other = "default via 198.51.100.1 dev eth1 proto static metric 200 ";
    private const string Advertised = "default via fe80::1 dev eth0 proto ra metric 1024 expires 1798sec hoplimit 64 pref medium";

    [Fact]
    public void One_of_two_that_is_gone_is_lost()
    {
        Assert.Equal([Other.Trim()], DefaultRoutes.Lost([One, Other], [One]));
        Assert.Equal([One.Trim(), Other.Trim()], DefaultRoutes.Lost([One, Other], []));
        Assert.Empty(DefaultRoutes.Lost([], [One]));
    }

    [Fact]
    public void One_that_says_other_things_of_itself_is_the_same()
    {
        Assert.Empty(DefaultRoutes.Lost([Advertised], [Advertised.Replace("1798", "1795", StringComparison.Ordinal)]));
        Assert.Empty(DefaultRoutes.Lost([One], ["default via 192.0.2.1 dev eth0 linkdown "]));
        Assert.Equal([One.Trim()], DefaultRoutes.Lost([One], ["default via 192.0.2.254 dev eth0 "]));
    }

    [Fact]
    public void One_over_several_routers_is_lost_with_any_of_them()
    {
        const string both =
            "default proto static metric 1024 \\\tnexthop via fe80::1 dev eth0 weight 1 \\\tnexthop via fe80::2 dev eth1 weight 1 pref medium";
        Assert.Empty(DefaultRoutes.Lost([both], [both]));
        Assert.Equal([both], DefaultRoutes.Lost([both], ["default via fe80::1 dev eth0 proto static metric 1024 pref medium"]));
    }

    [Fact]
    public void One_into_a_tunnel_of_ours_is_ours_to_take() => Assert.Empty(DefaultRoutes.Lost(["default dev wg0 scope link "], []));
}
