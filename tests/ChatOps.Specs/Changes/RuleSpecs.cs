using System.Text.Json;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Planning;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Specs.Changes;

/// <summary>Rules, lifetimes, conflicts and the way back: what is decided before anything is rendered.</summary>
public sealed class RuleSpecs
{
    [Theory]
    [InlineData("allow vm1 out")]
    [InlineData("allow 198.51.100.0/24 to 22")]
    [InlineData("map 203.0.113.11 to vm1")]
    [InlineData("snat vm1 from 203.0.113.12-203.0.113.13:30000-40000")]
    [InlineData("limit 80 to 100/second for each")]
    [InlineData("limit 80 to 100/second for all")]
    [InlineData("block 203.0.113.66")]
    public void A_rule_holds_once_and_goes_by_its_own_words(string line)
    {
        var given = Given.AGateway().When(Given.Operator, line).Then("change-proposed.v1").When(Given.Approver, "approve 1").Applied();
        Assert.Equal(line, Assert.Single(given.State.Running.Rules).Value.ToString());
        given.When(Given.Operator, line).Refused($"{line} holds already.", "rules");
        given.Applied($"remove {line}");
        Assert.Empty(given.State.Running.Rules);
    }

    [Theory]
    [InlineData("map 203.0.113.10 to vm1", "203.0.113.10 is the gateway's own address; its ports are exposed one by one.")]
    [InlineData("map 203.0.113.11 to vm2", "vm2 has no IPv4 address, and 1:1 NAT stays within a family.")]
    [InlineData("map 203.0.113.11 to vm9", "no VM vm9 behind gw1. Did you mean vm1?")]
    [InlineData("block 10.1.0.0/16", "10.1.0.0/16 includes vm1; a block is for the public side.")]
    [InlineData("remove limit 80", "limit 80 is no rule of gw1.")]
    [InlineData("snat vm2 from 203.0.113.12", "vm2 has no IPv4 address.")]
    public void A_rule_that_makes_no_sense_is_refused(string line, string sentence) =>
        Given.AGateway().When(Given.Operator, line).Refused(sentence);

    [Fact]
    public void Another_rule_of_the_same_key_names_the_one_that_holds() =>
        Given
            .AGateway()
            .Applied("limit 80 to 100/second")
            .When(Given.Operator, "limit 80 to 5/second")
            .Refused("limit 80 to 100/second for each holds; there can be one.", "remove limit 80");

    [Theory]
    [InlineData(
        "limit 80 to 5/second",
        "limit 80 to 5/second for each",
        "tcp 80 takes 5 new connections a second from each source (an IPv4 address, an IPv6 /64), and drops more"
    )]
    [InlineData(
        "limit 80 to 5/second for all",
        "limit 80 to 5/second for all",
        "tcp 80 takes 5 new connections a second from all sources together, and drops more"
    )]
    public void The_plan_of_a_limit_says_for_whom_it_is(string line, string words, string meaning)
    {
        var state = Given.AGateway().When(Given.Operator, line).State;
        var plan = Plan.Of(state, state.Changes.Values.Single().Effects);
        Assert.Equal(words, EffectWords.Of(plan.Effects));
        Assert.Contains(meaning, plan.Warnings);
    }

    // Records from before a limit could be for each source; what they say stays, and so does what is in them.
    [Theory]
    [InlineData("limit 80 to 100/second", "limit 80 to 100/second for all")]
    [InlineData("limit 80 to 100/second for each", "limit 80 to 100/second for each")]
    public void A_stored_limit_without_a_word_is_for_all(string stored, string means)
    {
        var json = $$"""{"change":5,"rule":"{{stored}}"}""";
        using var data = JsonDocument.Parse(json);
        var added = Assert.IsType<RuleAdded>(EventTypes.FromJson("rule-added.v1", data.RootElement));
        Assert.Equal(means, $"{added.Rule}");
        Assert.Equal(json, CanonicalJson.Write(EventTypes.ToJson(added)));
    }

    [Fact]
    public void A_vm_that_a_rule_is_about_stays() =>
        Given
            .AGateway()
            .Applied("allow vm1 out")
            .When(Given.Operator, "vm remove vm1")
            .Refused("allow vm1 out is about vm1.", "remove allow vm1 out");

    [Fact]
    public void Ranges_are_paired_port_by_port()
    {
        var given = Given.AGateway().Applied("expose vm1:9000-9009 on 19000-19009");
        Assert.Equal(10, given.State.Running.Exposures.Count);
        Assert.All(given.State.Running.Exposures.Values, x =>
            Assert.Equal(x.Endpoint.Port!.Value.Port.Number - 10000, Assert.Single(x.Targets).Port.Number)
        );
        given.When(Given.Operator, "expose vm1:9000-9001 on 20000-20002").Refused("3 public ports and 2 of vm1: expected as many.");
        given.Applied("unexpose 19000-19009");
        Assert.Empty(given.State.Running.Exposures);
    }

    [Fact]
    public void Ports_of_several_vms_are_paired_and_balanced()
    {
        var given = Given.AGateway().Applied("expose vm2:80,443,vm3:80,443 on 80,443");
        Assert.Equal(["vm2:80,vm3:80", "vm2:443,vm3:443"], given.State.Running.Exposures.Values.Select(x => x.TargetText));
    }

    [Theory]
    [InlineData(
        "expose vm2:8080 on 80",
        "expose vm3:8080 on app.example.com",
        "80 is taken: exposure #1 leads tcp 80 to vm2:8080; web addresses need it."
    )]
    [InlineData(
        "expose vm2:8080 on app.example.com",
        "expose vm3:8080 on 80",
        "80 is taken: web addresses share it, such as app.example.com (#1)."
    )]
    [InlineData(
        "expose vm2:8080 on app.example.com tls a",
        "expose vm3:8080 on 443",
        "443 is taken: web addresses share it, such as app.example.com (#1)."
    )]
    [InlineData(
        "expose vm2:8080 on app.example.com tls a",
        "expose vm3:8080 on app.example.com/api",
        "app.example.com uses tls a; one host name has one answer to TLS."
    )]
    [InlineData(
        "expose vm2:8080 on app.example.com tls a",
        "expose vm3:8443 on *.app.example.com/a passthrough",
        "the gateway does not see the path of what it passes through: passthrough is for all of *.app.example.com."
    )]
    [InlineData(
        "expose vm2:8080 on app.example.com/api tls a",
        "expose vm3:8443 on app.example.com passthrough",
        "app.example.com/api uses tls a; one host name has one answer to TLS."
    )]
    [InlineData(
        "expose vm2:8443 on app.example.com passthrough",
        "expose vm3:8080 on app.example.com/api tls a",
        "app.example.com passes TLS through to the VM; one host name has one answer to TLS."
    )]
    [InlineData(
        "expose vm2:8443 on app.example.com passthrough",
        "expose vm3:8080 on app.example.com",
        "app.example.com is taken: exposure #1 leads it to vm2:8443 since 2026-11-20 (operator)."
    )]
    [InlineData(
        "expose vm2:8443 on app.example.com passthrough",
        "expose vm3:8443 on 443",
        "443 is taken: web addresses share it, such as app.example.com (#1)."
    )]
    [InlineData(
        "expose vm2:443 on 443",
        "expose vm3:8443 on app.example.com passthrough",
        "443 is taken: exposure #1 leads tcp 443 to vm2:443; web addresses need it."
    )]
    [InlineData(
        "expose vm2:53 as dns",
        "expose vm3:5353 on 53 udp",
        "53/udp is taken: exposure #1 leads udp 53 to vm2:53 since 2026-11-20 (operator)."
    )]
    [InlineData(
        "expose vm2:9000-9009 on 9000-9009",
        "expose vm3:9005-9006 on 9005-9006",
        "9005 is taken: exposure #1 leads tcp 9005 to vm2:9005 since 2026-11-20 (operator)."
    )]
    public void Conflicts_across_engines_are_found_when_planning(string first, string second, string sentence) =>
        Given.AGateway().Applied(first).When(Given.Operator, second).Refused(sentence);

    [Theory]
    [InlineData("expose vm2:22 on 22", "tcp 22 is the SSH port of gw1; it cannot be exposed.")]
    [InlineData("expose vm2:5000 on 51820 udp", "udp 51820 is the WireGuard port of gw1; it cannot be exposed.")]
    [InlineData("expose vm2:5000 on 9651", "tcp 9651 is the Mycelium port of gw1; it cannot be exposed.")]
    [InlineData("expose vm2:5000 on 5000 tls example", "tls is for web addresses and PostgreSQL; a port passes TLS on to the VM as it is.")]
    [InlineData("expose vm2:5000 on 5000 passthrough", "passthrough is for web addresses; a port passes TLS on to the VM as it is.")]
    [InlineData(
        "expose vm2:8443 on app.example.com tls example passthrough",
        "tls ends TLS of app.example.com at the gateway, passthrough leaves it to the VM: it is one or the other."
    )]
    [InlineData(
        "expose vm2:8443 on app.example.com passthrough proxy-protocol",
        "proxy-protocol is for ports; a VM to which TLS is passed through by name sees the gateway as its client."
    )]
    [InlineData("expose vm2:50051 on 50051 grpc", "grpc is for web addresses; a port passes gRPC on to the VM as it is.")]
    [InlineData(
        "expose vm2:50051 on app.example.com grpc",
        "gRPC wants HTTP/2, which clients speak to a gateway over TLS: with a certificate there (tls NAME), or passed through to the VM."
    )]
    [InlineData(
        "expose vm2:50051 on app.example.com passthrough grpc",
        "passthrough leaves everything within TLS to the VM, gRPC too; grpc is for TLS that ends at the gateway."
    )]
    [InlineData(
        "expose vm2:8080 on 8080 h2c",
        "h2c is for web addresses; a port passes HTTP/2 on to the VM as it is, with TLS and without."
    )]
    [InlineData(
        "expose vm2:8080 on app.example.com passthrough h2c",
        "passthrough leaves everything within TLS to the VM, HTTP/2 too; h2c is for a VM that speaks it without TLS."
    )]
    [InlineData(
        "expose vm2:8080 on app.example.com tls example grpc h2c",
        "gRPC is HTTP/2 without TLS to the VM already: it is grpc for calls of gRPC alone, or h2c for every request."
    )]
    [InlineData("expose vm2:5000 on 5000 udp proxy-protocol v2", "the PROXY protocol is for TCP.")]
    [InlineData("expose vm2 as sftp tls example", "tls is for web addresses and PostgreSQL; a port passes TLS on to the VM as it is.")]
    [InlineData("expose vm2 as dns ignoring options", "ignoring is for PostgreSQL, whose clients say parameters when they connect.")]
    public void What_the_gateway_needs_itself_cannot_be_exposed(string line, string sentence) =>
        Given.AGateway().When(Given.Operator, line).Refused(sentence);

    [Fact]
    public void Plain_http_of_a_path_goes_beside_tls_that_is_passed_through()
    {
        var given = Given.AGateway().Applied("expose vm2:443 on app.example.com passthrough");
        Assert.Equal(["443"], given.State.Running.Exposures.Values.SelectMany(x => x.Ports).Select(p => p.ToString()));
        given.Applied("expose vm2:80 on app.example.com/.well-known/acme-challenge").Applied("expose vm3:80 on 8080");
    }

    [Fact]
    public void A_lifetime_ends_at_a_moment_and_can_be_extended()
    {
        var given = Given.AGateway().Applied("expose vm2:8080 on 80 for 2h");
        var until = Assert.Single(given.State.Running.Exposures).Value.Options.Until!.Value;
        Assert.InRange(until, Given.Start + TimeSpan.FromHours(2), Given.Start + TimeSpan.FromHours(2.2));
        given.Applied("extend 1 for 1h");
        Assert.Equal(until + TimeSpan.FromHours(1), Assert.Single(given.State.Running.Exposures).Value.Options.Until);
        given.When(Given.Operator, "extend 2 for 1h").Refused("nothing that #2 has opened is open.", "show 2");
        given.When(Given.Operator, "extend 1 until 2026-11-19").Refused("until 2026-11-19 is over already.");
    }

    [Fact]
    public void Undo_makes_what_a_change_did_so_no_more()
    {
        var given = Given.AGateway().Applied("expose vm2:8080 on 80").Applied("expose vm3:8080 on 81").Applied("unexpose 80");
        given.When(Given.Operator, "undo 1").Refused("tcp 80 is not open on gw1.");
        given.Applied("undo 3");
        Assert.Equal(["80", "81"], given.State.Running.Exposures.Keys.Select(k => k.ToString()));
        given.When(Given.Operator, "undo 9").Refused("no change #9 on gw1.");
    }

    [Fact]
    public void Rollback_makes_everything_as_it_was()
    {
        var given = Given
            .AGateway()
            .Applied("expose vm2:8080 on 80")
            .Applied("limit 80 to 5/second")
            .Applied("unexpose 80")
            .Applied("vm add vm4 400::4");
        var then = given.State.Revisions[2];
        given.When(Given.Operator, "rollback to 2").Then("change-proposed.v1").When(Given.Approver, "approve 5").Applied();
        Assert.Equal(then.Exposures.Keys, given.State.Running.Exposures.Keys);
        Assert.Equal(then.Vms.Keys, given.State.Running.Vms.Keys);
        Assert.Equal(then.Rules.Values, given.State.Running.Rules.Values);
        given.When(Given.Operator, "rollback to 5").Refused("nothing has changed since revision 5.");
        given.When(Given.Operator, "rollback to 99").Refused("gw1 never ran revision 99; it has run 1 to 5.");
    }

    [Fact]
    public void What_needs_the_gateways_own_overlay_address_waits_for_it()
    {
        var sentence = "gw1 has not said by which address it is on Mycelium; is the daemon installed and running there?";
        var given = Given
            .AGateway()
            .When(Given.Operator, "allow vm2 out")
            .Refused(sentence)
            .When(Given.Operator, "expose vm2 as sip")
            .Refused(sentence);
        given.And(new OverlaySeen(Text.Parse<Address>("400::100:0:0:1"))).Applied("allow vm2 out").Applied("expose vm2 as sip");
    }

    [Fact]
    public void There_is_one_dns_service_a_gateway() =>
        Given
            .AGateway()
            .Applied("expose vm2 as dns")
            .When(Given.Operator, "expose vm3 as dns on 5300")
            .Refused("gw1 serves dns already: exposure #1 leads tcp 53 to vm2:53.", "unexpose 53", "list");

    [Fact]
    public void There_is_one_pool_a_gateway_and_another_server_goes_without() =>
        Given
            .AGateway()
            .Applied("expose vm2 as postgres tls example")
            .When(Given.Operator, "expose vm3 as postgres on 5433 from 203.0.113.0/24 tls example for 2h because \"reports\"")
            .Refused(
                "gw1 pools PostgreSQL of one server, whose users are the ones that may log in: exposure #1 leads tcp 5432 to vm2:5432. Another server is reached by a port of its own, without a pool.",
                "expose vm3:5432 on 5433 from 203.0.113.0/24 for 2h because \"reports\"",
                "unexpose 5432"
            );
}
