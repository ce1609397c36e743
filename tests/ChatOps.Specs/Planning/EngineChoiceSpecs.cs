using ChatOps.Core.Domain.Planning;
using ChatOps.Core.Domain.Values;
using static ChatOps.Specs.Given;

namespace ChatOps.Specs.Planning;

public sealed class EngineChoiceSpecs
{
    [Theory]
    [InlineData("expose vm1:80 on 80", "80 IPv4 Nftables 10.1.0.2:80", "80 IPv6 Nginx 10.1.0.2:80")]
    [InlineData("expose vm2:80 on 80", "80 IPv4 Relay [400::100:0:0:2]:80", "80 IPv6 Nftables [400::100:0:0:2]:80")]
    [InlineData("expose vm2:53 on 53 udp", "53/udp IPv4 UdpRelay [400::100:0:0:2]:53", "53/udp IPv6 Nftables [400::100:0:0:2]:53")]
    [InlineData(
        "expose vm2:80,vm3:80 on 80",
        "80 IPv4 Haproxy [400::100:0:0:2]:80,[400::100:0:0:3]:80",
        "80 IPv6 Haproxy [400::100:0:0:2]:80,[400::100:0:0:3]:80"
    )]
    [InlineData(
        "expose vm2:53,vm1:53 on 53 udp",
        "53/udp IPv4 UdpRelay [400::100:0:0:2]:53,10.1.0.2:53",
        "53/udp IPv6 UdpRelay [400::100:0:0:2]:53,10.1.0.2:53"
    )]
    public void Each_family_of_clients_gets_the_engine_that_can_carry_it(string line, params string[] routes) =>
        Assert.Equal(routes, GatewayConfig.Of(AGateway().Accepted(line).State.Desired).Routes.Select(r => r.ToString()));

    // What somebody who approves it has to know of what carries it.
    [Theory]
    [InlineData("expose vm2:80,vm3:80 on 80", "over 2 targets, each checked every second; a new one counts as up until its first check")]
    [InlineData("expose vm2 as sftp on 2222", "which asks its sshd for the banner every second, and counts it as up until the first time")]
    [InlineData("expose vm2 as dns", "and caches: for resolvers only, because a cached answer is not authoritative any more")]
    [InlineData("expose vm2:53,vm3:53 on 53 udp", "over 2 targets, each left out while it refuses datagrams or does not answer")]
    [InlineData("expose vm2 as postgres", "and pools")]
    public void The_plan_says_what_the_engine_makes_of_it(string line, string why)
    {
        var given = AGateway().When(Operator, line);
        Assert.All(Plan.Of(given.State, Assert.Single(given.State.Proposed).Effects).Routes.Where(r => r.Route.Clients == Family.IPv4), r =>
            Assert.Equal(why, r.Why)
        );
    }

    [Theory]
    [InlineData("expose vm2 as postgres", "sslmode=require", "each user has at most")]
    [InlineData(
        "expose vm2 as postgres tls example ignoring search_path",
        "what clients say of search_path when they connect has no effect",
        "each user has at most"
    )]
    public void The_plan_says_what_clients_of_a_pool_lose(string line, params string[] words)
    {
        var given = AGateway().When(Operator, line);
        var warnings = string.Join('\n', Plan.Of(given.State, Assert.Single(given.State.Proposed).Effects).Warnings);
        Assert.All(words, w => Assert.Contains(w, warnings, StringComparison.Ordinal));
    }

    [Fact]
    public void A_vm_with_both_families_needs_no_proxy()
    {
        var edge = AGateway().Applied("vm add both 10.1.0.9,400::9").Accepted("expose both:80 on 80").State.Desired;
        Assert.All(GatewayConfig.Of(edge).Routes, r => Assert.Equal(Engine.Nftables, r.Engine));
    }

    [Fact]
    public void A_gateway_with_one_family_serves_one_family()
    {
        var edge = AGateway().Accepted("expose vm2:80 on 80").State.Desired;
        var single = edge with { Gateway = Gateway() with { Addresses = [Text.Parse<Address>("203.0.113.10")] } };
        Assert.Equal(Family.IPv4, Assert.Single(GatewayConfig.Of(single).Routes).Clients);
    }

    [Fact]
    public void A_plan_warns_of_a_vm_that_no_peer_carries()
    {
        var given = AGateway();
        var plan = Plan.Of(given.State, [new Core.Domain.Gateways.VmAdded(1, Vm("vm9"), [Text.Parse<Address>("10.1.0.77")])]);
        Assert.Equal(
            "no WireGuard peer has 10.1.0.77 yet, so vm9 cannot be reached before: peer add vm9 PUBLICKEY 10.1.0.77",
            Assert.Single(plan.Warnings)
        );
    }
}
