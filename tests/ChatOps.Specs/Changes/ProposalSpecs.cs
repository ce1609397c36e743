using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using static ChatOps.Specs.Given;

namespace ChatOps.Specs.Changes;

public sealed class ProposalSpecs
{
    [Fact]
    public void An_operator_proposes_and_nothing_runs_yet()
    {
        var given = AGateway().When(Operator, "expose vm2:8080 on 80").Then("change-proposed.v1");
        Assert.Empty(given.State.Desired.Exposures);
        Assert.Equal(1, Assert.Single(given.State.Proposed).Number);
    }

    [Fact]
    public void A_viewer_may_not_propose() =>
        AGateway().When(Viewer, "expose vm2:8080 on 80").Refused("expose needs the role operator; viewer has the role viewer.");

    [Fact]
    public void A_stranger_may_nothing() =>
        AGateway().When(Stranger, "expose vm2:8080 on 80").Refused("expose needs the role operator; stranger has no role here.");

    [Fact]
    public void Policy_may_approve_by_itself() =>
        AGateway()
            .Under(new PolicyRule(["expose"], new Port(8000), new Port(8999), Protocol.Tcp, Role.Operator, new Approvals(0, "approver")))
            .When(Operator, "expose vm2:8080 on 8080")
            .Then("change-proposed.v1", "change-accepted.v1")
            .When(Operator, "expose vm2:8080 on 8080 udp")
            .Then("change-proposed.v1")
            .When(Operator, "expose vm2:8080 on 80")
            .Then("change-proposed.v1");

    [Fact]
    public void The_same_proposal_twice_is_one() =>
        AGateway()
            .When(Operator, "expose vm2:8080 on 80")
            .When(Admin, "expose vm2:8080 on 80 because \"again\"")
            .Refused("#1 by operator proposes this already.", "show 1", "approve 1");

    [Fact]
    public void A_taken_port_is_refused_with_who_and_since_when() =>
        AGateway()
            .Applied("expose vm1:8080 on 80")
            .When(Operator, "expose vm2:8080 on 80")
            .Refused(
                "80 is taken: exposure #1 leads tcp 80 to vm1:8080 since 2026-11-20 (operator).",
                "unexpose 80",
                "expose vm2:8080 on 8080"
            );

    [Fact]
    public void A_port_that_is_about_to_be_opened_is_taken() =>
        AGateway()
            .Accepted("expose vm1:8080 on 80")
            .When(Operator, "expose vm2:8080 on 80")
            .Refused("80 is taken: exposure #1 leads tcp 80 to vm1:8080 since 2026-11-20 (operator).");

    [Fact]
    public void The_same_number_is_free_under_the_other_protocol() =>
        AGateway().Applied("expose vm1:53 on 53").When(Operator, "expose vm1:53 on 53 udp").Then("change-proposed.v1");

    [Theory]
    [InlineData("expose vm2:22 on 22", "tcp 22 is the SSH port of gw1; it cannot be exposed.")]
    [InlineData("expose vm2:51820 on 51820 udp", "udp 51820 is the WireGuard port of gw1; it cannot be exposed.")]
    [InlineData("expose vm2:9651 on 9651", "tcp 9651 is the Mycelium port of gw1; it cannot be exposed.")]
    [InlineData("expose vm2:8080,vm2:8080 on 80", "vm2:8080,vm2:8080 names an endpoint twice.")]
    [InlineData("expose vm4:8080 on 80", "no VM vm4 behind gw1. Did you mean vm1?")]
    [InlineData("expose database:8080 on 80", "no VM database behind gw1; it is added with the address by which the gateway reaches it.")]
    [InlineData("unexpose 80", "tcp 80 is not open on gw1.")]
    [InlineData("vm add vm2 400::9", "vm2 is known at 400::100:0:0:2.")]
    [InlineData("vm add vm2 400::100:0:0:2", "vm2 is known already, at 400::100:0:0:2.")]
    [InlineData("vm add vm9 400::100:0:0:2", "400::100:0:0:2 belongs to vm2.")]
    [InlineData("vm add vm9 203.0.113.10", "203.0.113.10 is the gateway's own address.")]
    [InlineData("vm add vm9 169.254.169.254", "169.254.169.254 is link-local; give an address by which other machines reach it.")]
    [InlineData("vm add vm9 fec0::1", "fec0::1 is link-local; give an address by which other machines reach it.")]
    [InlineData(
        "vm add vm9 ::ffff:0:127.0.0.1",
        "::ffff:0:127.0.0.1 is loopback, unspecified or an IPv4 address; give an address by which other machines reach it."
    )]
    [InlineData(
        "vm add vm9 64:ff9b::169.254.169.254",
        "64:ff9b::a9fe:a9fe holds 169.254.169.254, which is link-local; give an address by which other machines reach it."
    )]
    [InlineData(
        "vm add vm9 2002:7f00:1::1",
        "2002:7f00:1::1 holds 127.0.0.1, which is loopback; give an address by which other machines reach it."
    )]
    [InlineData("vm add vm9 fd64:0:0:64::203.0.113.10", "fd64::64:0:0:cb00:710a holds 203.0.113.10, which is the gateway's own address.")]
    [InlineData("vm change vm2 169.254.1.1", "169.254.1.1 is link-local; give an address by which other machines reach it.")]
    [InlineData("map 169.254.1.1 to vm1", "169.254.1.1 is link-local; give an address by which other machines reach it.")]
    [InlineData("snat vm1 from 169.254.1.1", "169.254.1.1 is link-local; give an address by which other machines reach it.")]
    [InlineData("gateway change gw1 addresses 169.254.1.1", "169.254.1.1 is link-local; give an address by which other machines reach it.")]
    [InlineData("vm add vm9 10.1.0.9,10.1.0.10", "expected one address, or one IPv4 and one IPv6 address.")]
    [InlineData("vm remove vm9", "no VM vm9 behind gw1. Did you mean vm1?")]
    [InlineData(
        "peer add p 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= 192.0.2.1",
        "192.0.2.1 is not in the WireGuard network 10.1.0.1/16."
    )]
    [InlineData("peer add p 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= 10.1.0.1", "10.1.0.1 is the gateway's own address.")]
    [InlineData(
        "peer add p 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= routes 198.51.100.0/24",
        "198.51.100.0/24 is not private; routes are for networks behind a peer, such as 192.168.77.0/24 or fd77::/64."
    )]
    [InlineData(
        "peer add p 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= routes 10.0.0.0/8",
        "10.0.0.0/8 has addresses of the WireGuard network 10.1.0.0/16, whose peers have one each."
    )]
    [InlineData(
        "peer add p 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= routes 192.168.0.0/16",
        "192.168.0.0/16 has addresses of NAT64, 192.168.255.0/24."
    )]
    [InlineData(
        "peer add p 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= routes fd00::/8",
        "fd00::/8 has addresses of NAT64, fd64:0:0:64::/96."
    )]
    [InlineData("peer remove laptop", "no peer laptop.")]
    [InlineData("approve 7", "no change #7 on gw1.")]
    public void What_does_not_fit_is_refused_in_words(string line, string sentence) => AGateway().When(Admin, line).Refused(sentence);

    // Of any kind: public, in the tunnel of either family, on the overlay, and those that it holds for rules.
    [Theory]
    [InlineData("vm add self {0}")]
    [InlineData("vm change vm2 {0}")]
    public void None_of_the_gateways_own_addresses_is_a_vm(string line)
    {
        var given = AGateway()
            .And(new OverlaySeen(Text.Parse<Address>("400::100:0:0:1")))
            .And(new GatewayChanged(0, Gateway() with { WireGuard6 = Text.Parse<Network>("fd77:1::/64") }))
            .Applied("map 203.0.113.11 to vm1")
            .Applied("snat vm1 from 203.0.113.12-203.0.113.13");
        foreach (
            var own in new[] { "203.0.113.10", "2001:db8::10", "10.1.0.1", "fd77:1::1", "400::100:0:0:1", "203.0.113.11", "203.0.113.13" }
        )
            given
                .When(Admin, string.Format(System.Globalization.CultureInfo.InvariantCulture, line, own))
                .Refused($"{own} is the gateway's own address.");
    }

    [Fact]
    public void A_network_lies_behind_one_peer_through_which_its_machines_are_reached()
    {
        var given = AGateway().Applied("peer add office 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= routes 192.168.77.0/24,fd77::/64");
        Assert.Equal("192.168.77.0/24,fd77::/64", given.State.Running.Peers.Values.Single().Routes?.ToString());
        given
            .When(Admin, "peer add home 4zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= routes 192.168.64.0/20")
            .Refused("192.168.77.0/24, which shares addresses with 192.168.64.0/20, lies behind peer office already.");
        var printer = given
            .Applied("vm add printer 192.168.77.5")
            .Applied("peer rotate office 3zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=")
            .Applied("expose printer:631 on 6310");
        Assert.Equal("192.168.77.0/24,fd77::/64", printer.State.Running.Peers.Values.Single().Routes?.ToString());
        printer.When(Admin, "peer remove office").Refused("tcp 6310 goes through peer office.");
    }

    [Fact]
    public void A_vm_that_ports_lead_to_cannot_be_removed() =>
        AGateway()
            .Applied("expose vm2:8080 on 80")
            .Applied("expose vm2:5353 on 53 udp")
            .When(Operator, "vm remove vm2")
            .Refused("2 open endpoints lead to vm2: tcp 80, udp 53.", "unexpose 80,53/udp");

    [Fact]
    public void Closing_names_the_other_protocol_when_that_is_open() =>
        AGateway()
            .Applied("expose vm2:5353 on 53 udp")
            .When(Operator, "unexpose 53")
            .Refused("tcp 53 is not open on gw1, but udp 53 is.", "unexpose 53/udp");

    [Fact]
    public void A_peer_that_ports_go_through_cannot_be_removed() =>
        AGateway()
            .Applied("peer add vm1 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= 10.1.0.2")
            .Applied("expose vm1:7000 on 7000")
            .When(Operator, "peer remove vm1")
            .Refused("tcp 7000 goes through peer vm1.", "unexpose 7000");

    [Fact]
    public void Nothing_can_be_changed_on_a_gateway_that_nobody_added() =>
        Nothing().When(Operator, "expose vm2:8080 on 80").Refused("no gateway gw1.", "gateways");

    [Fact]
    public void A_gateway_is_added_by_an_admin_and_approved_by_someone_else() =>
        Nothing()
            .When(Operator, "gateway add gw1 203.0.113.10")
            .Refused("gateway add needs the role admin; operator has the role operator.")
            .When(Admin, "gateway add gw1 203.0.113.10")
            .Then("change-proposed.v1")
            .When(Approver, "approve 1")
            .Then("change-approved.v1", "change-accepted.v1");
}
