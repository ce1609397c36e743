using System.Collections.Immutable;
using ChatOps.Core.Decisions;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Planning;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;
using static ChatOps.Specs.Given;

namespace ChatOps.Specs.Changes;

/// <summary>Both families in the tunnel: who is in it has the same number in each.</summary>
public sealed class TunnelSpecs
{
    private const string Key = "5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=";

    [Theory]
    [InlineData("10.1.0.1/16", "fd77:1::/64", "10.1.0.1", "fd77:1::1")]
    [InlineData("10.1.0.1/16", "fd77:1::/64", "10.1.1.5", "fd77:1::105")]
    [InlineData("10.1.0.1/16", "fd77:1::/112", "10.1.255.254", "fd77:1::fffe")]
    [InlineData("10.9.0.1/8", "fd77::/96", "10.9.0.1", "fd77::9:1")]
    [InlineData("10.1.0.65/26", "fd77:1::/64", "10.1.0.70", "fd77:1::6")]
    public void An_address_has_the_number_of_the_other(string four, string six, string machine, string expected)
    {
        var gateway = Gateway() with { WireGuard = Text.Parse<InterfaceAddress>(four), WireGuard6 = Text.Parse<Network>(six) };
        Assert.Equal(Text.Parse<Address>(expected), gateway.SixOf(Text.Parse<Address>(machine)));
        Assert.Equal(Text.Parse<Address>(machine), gateway.FourOf(Text.Parse<Address>(expected)));
    }

    [Theory]
    [InlineData("fd77:1::")]
    [InlineData("fd77:1::ffff")]
    [InlineData("fd77:1::1:5")]
    [InlineData("fd77:2::5")]
    [InlineData("10.1.0.5")]
    public void What_has_no_number_there_is_nobodys(string address) =>
        Assert.Null(Both().State.Running.Gateway!.FourOf(Text.Parse<Address>(address)));

    [Theory]
    [InlineData(
        "2001:db8:77::/64",
        "2001:db8:77::/64 is not private; the IPv6 network of the tunnel is one of fc00::/7, such as fd77:1::/64."
    )]
    [InlineData("400::/64", "400::/64 is not private; the IPv6 network of the tunnel is one of fc00::/7, such as fd77:1::/64.")]
    [InlineData("fd77:1::/113", "fd77:1::/113 is smaller than the WireGuard network 10.1.0.0/16; its prefix has 112 bits at most.")]
    [InlineData("fd64::/16", "fd64::/16 has addresses of NAT64, fd64:0:0:64::/96.")]
    [InlineData("fd77::/64", "fd77::/64 lies behind peer office.")]
    [InlineData("fd99::/64", "vm9 has fd99::9, which would be no peer's in fd99::/64.")]
    [InlineData("fd20::/64", "fd20::10 in fd20::/64 is an address of gw1 already.")]
    public void A_network_that_does_not_fit_is_refused(string network, string sentence) =>
        AGateway()
            .And(
                new GatewayChanged(0, Gateway() with { Addresses = [Text.Parse<Address>("203.0.113.10"), Text.Parse<Address>("fd20::10")] })
            )
            .Applied($"peer add office {Key} routes fd77::/64")
            .Applied("vm add vm9 fd99::9")
            .When(Admin, $"gateway change gw1 wireguard6 {network}")
            .Refused(sentence);

    [Fact]
    public void A_VM_has_the_gateways_own_address_in_neither_family() =>
        Both().When(Operator, "vm add vm9 fd77:1::1").Refused("fd77:1::1 is the gateway's own address.");

    [Fact]
    public void A_VM_has_no_address_that_no_peer_can_have() =>
        Both()
            .When(Operator, "vm add vm9 fd77:1::1:5")
            .Refused(
                "fd77:1::1:5 is nobody's in fd77:1::/64, where the machines of 10.1.0.0/16 have their numbers: 10.1.0.2 is fd77:1::2."
            );

    [Fact]
    public void Nothing_of_it_lies_behind_a_peer() =>
        Both()
            .When(Operator, $"peer add office {Key} routes fd77:1::/96")
            .Refused("fd77:1::/96 has addresses of the WireGuard network fd77:1::/64, whose peers have one each.");

    [Fact]
    public void A_network_that_VMs_are_reached_by_is_not_taken_from_them() =>
        Both()
            .Applied($"peer add vm1 {Key} 10.1.0.2")
            .Applied("vm change vm1 10.1.0.2,fd77:1::2")
            .When(Admin, "gateway change gw1 wireguard6 fd78:1::/64")
            .Refused("vm1 has fd77:1::2, which would not be in the tunnel any more.");

    [Fact]
    public void A_VM_that_is_a_peer_is_reached_in_both_families_by_the_kernel_alone()
    {
        var given = Both()
            .Applied($"peer add vm1 {Key} 10.1.0.2")
            .Applied("vm change vm1 10.1.0.2,fd77:1::2")
            .Applied("expose vm1:7000 on 7000");
        var routes = GatewayConfig.Of(given.State.Running).Routes;
        Assert.Equal([Engine.Nftables, Engine.Nftables], routes.Select(r => r.Engine));
        Assert.Equal(["10.1.0.2:7000", "[fd77:1::2]:7000"], routes.Select(r => $"{r.Targets[0]}"));
        Assert.Empty(Plan.Of(given.State, [new VmAdded(9, Vm("vm8"), [Text.Parse<Address>("fd77:1::2")])]).Warnings);
        given.When(Operator, "peer remove vm1").Refused("tcp 7000 goes through peer vm1.");
    }

    [Fact]
    public void The_plan_says_which_peer_a_VM_is_still_missing()
    {
        var plan = Plan.Of(Both().State, [new VmAdded(9, Vm("vm9"), [Text.Parse<Address>("fd77:1::105")])]);
        Assert.Equal(
            ["no WireGuard peer has fd77:1::105 yet, so vm9 cannot be reached before: peer add vm9 PUBLICKEY 10.1.1.5"],
            plan.Warnings.AsEnumerable()
        );
    }

    [Fact]
    public void A_new_peer_does_not_get_the_number_of_a_VM()
    {
        var given = Both().Applied("vm add vm9 fd77:1::64").Applied($"peer add laptop {Key}");
        Assert.Equal("10.1.0.101", given.State.Running.Peers.Values.Single().Address.ToString());
    }

    [Fact]
    public void Undoing_it_leaves_the_tunnel_as_it_was()
    {
        var given = AGateway().Applied("allow vm1 out").Applied("gateway change gw1 wireguard6 fd77:1::/64");
        given.When(Admin, "undo 2").When(Approver, "approve 3").Applied();
        Assert.Null(given.State.Running.Gateway!.WireGuard6);
    }

    [Fact]
    public void A_mirror_has_the_network_of_the_first_one_and_an_address_of_its_own()
    {
        var states = ImmutableSortedDictionary<Name<Gateway>, GatewayState>.Empty.Add(Gateway().Name, Both().State);
        var add = (AddGateway)Assert.IsType<ParseResult.Understood>(Parser.Parse("gateway add gw2 203.0.113.20 mirrors gw1")).Command;
        var mirror = Core
            .Domain.Gateways.Gateway.WithDefaults(add.Gateway, add.Addresses, null, add.Mirrors)
            .With(Mirroring.Completed(states, add).Settings);
        Assert.Equal("fd77:1::/64", mirror.WireGuard6?.ToString());
        Assert.Equal("fd77:1::fffe", mirror.SixOf(mirror.WireGuard.Address)?.ToString());
    }

    [Fact]
    public void Who_sees_no_addresses_of_peers_sees_none_of_either_family()
    {
        var given = AGateway().Applied("allow vm1 out").Applied("gateway change gw1 wireguard6 fd77:1::/64");
        const string Told = "10.1.0.100, fd77:1::64 and fd78:1::64";
        Assert.Equal("(hidden), (hidden) and fd78:1::64", Redaction.Of(given.State).Hide(Told));
        Assert.Equal(
            "(hidden), (hidden) and fd78:1::64",
            Redaction.Of(given.When(Admin, "undo 2").When(Approver, "approve 3").Applied().State).Hide(Told)
        );
    }

    private static Given Both() => AGateway().Applied("gateway change gw1 wireguard6 fd77:1::/64");
}
