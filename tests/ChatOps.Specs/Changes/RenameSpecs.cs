using ChatOps.Bot.Replies;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Planning;
using ChatOps.Rendering;
using static ChatOps.Specs.Given;

namespace ChatOps.Specs.Changes;

/// <summary>A VM or a peer gets another name, and stays what it is.</summary>
public sealed class RenameSpecs
{
    private const string Key = "5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=";

    [Fact]
    public void All_that_names_a_vm_names_it_anew_and_nothing_is_closed_or_opened()
    {
        var given = AGateway()
            .Applied("expose vm1:8080 on 82 for 2h")
            .Applied("expose vm2:7000,vm1:7000,vm3:7000 on 7000 balanced")
            .Applied("expose vm1:8081 on app.example.com/api")
            .Applied("expose vm3:8080 on 81")
            .Applied("allow vm1 out")
            .Applied("map 203.0.113.11 to vm1")
            .Applied("limit 82 to 5/second");
        var before = given.State.Running;
        given.When(Operator, "vm rename vm1 web").Then("change-proposed.v1").When(Approver, "approve 8").Applied();
        Assert.Equal(["vm-renamed.v1"], given.State.Changes[8].Effects.Select(Core.Domain.Changes.EventTypes.NameOf));
        var after = given.State.Running;
        Assert.Equal(["vm2", "vm3", "web"], after.Vms.Keys.Select(k => $"{k}"));
        Assert.Equal((Vm("web"), before.Vms[Vm("vm1")].Addresses), (after.Vms[Vm("web")].Name, after.Vms[Vm("web")].Addresses));
        Assert.Equal(["vm3:8080", "web:8080", "vm2:7000,web:7000,vm3:7000", "web:8081"], after.Exposures.Values.Select(x => x.TargetText));
        Assert.Equal(
            before.Exposures.Values.Select(x => (x.Endpoint, x.Change, x.Options)),
            after.Exposures.Values.Select(x => (x.Endpoint, x.Change, x.Options))
        );
        Assert.Equal(["allow web out", "limit 82", "map 203.0.113.11"], after.Rules.Keys);
        Assert.Equal(["allow web out", "limit 82 to 5/second for each", "map 203.0.113.11 to web"], after.Rules.Values.Select(r => $"{r}"));
        Assert.Equal(after, after.With(new VmRenamed(8, Vm("vm1"), Vm("web"))));
        given.Applied("unexpose 7000").Applied("remove allow web out");
    }

    [Fact]
    public void A_pool_goes_with_its_vm()
    {
        var given = AGateway().Applied("snat vm1 from 203.0.113.12").Applied("vm rename vm1 web");
        Assert.Equal(
            ("snat web", "snat web from 203.0.113.12"),
            (given.State.Running.Rules.Keys.Single(), $"{given.State.Running.Rules.Values.Single()}")
        );
    }

    [Fact]
    public void A_peer_keeps_its_key_and_its_address()
    {
        var given = AGateway().Applied($"peer add laptop {Key}").Applied("peer rename laptop notebook");
        var peer = Assert.Single(given.State.Running.Peers).Value;
        Assert.Equal(("notebook", Key, "10.1.0.100"), ($"{peer.Name}", $"{peer.Key}", $"{peer.Address}"));
    }

    [Theory]
    [InlineData("vm rename vm7 web", "no VM vm7 behind gw1. Did you mean vm1?", "vm rename vm1 web")]
    [InlineData("vm rename vm2 vm1", "vm1 is another VM, at 10.1.0.2.", "vms")]
    [InlineData("vm rename vm2 vm2", "vm2 is called vm2 already.", "vms")]
    [InlineData("peer rename lptop notebook", "no peer lptop. Did you mean laptop?", "peer rename laptop notebook")]
    [InlineData("peer rename laptop phone", "phone is another peer, at 10.1.0.101.", "peers")]
    [InlineData("peer rename laptop laptop", "peer laptop is called laptop already.", "peers")]
    public void A_name_is_somebodys_and_no_two_have_one(string line, string sentence, string next) =>
        AGateway()
            .Applied($"peer add laptop {Key}")
            .Applied("peer add phone 4zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=")
            .When(Operator, line)
            .Refused(sentence, next);

    [Fact]
    public void What_waits_under_the_former_name_can_no_longer_be_applied()
    {
        var given = AGateway()
            .Applied($"peer add laptop {Key}")
            .When(Operator, "expose vm2:8080 on 80")
            .When(Operator, "allow vm1 out")
            .When(Operator, "peer remove laptop")
            .When(Operator, "vm rename vm2 shop")
            .Applied("vm rename vm2 web")
            .Applied("vm rename vm1 db")
            .Applied("peer rename laptop notebook");
        given
            .When(Approver, "approve 2")
            .Refused("#2 can no longer be applied: vm2 is called web now.", "show 2", "help deny", "expose web:8080 on 80");
        given
            .When(Approver, "approve 3")
            .Refused("#3 can no longer be applied: vm1 is called db now.", "show 3", "help deny", "allow db out");
        given
            .When(Approver, "approve 4")
            .Refused("#4 can no longer be applied: peer laptop is called notebook now.", "show 4", "help deny", "peer remove notebook");
        given
            .When(Approver, "approve 5")
            .Refused("#5 can no longer be applied: vm2 is called web now.", "show 5", "help deny", "vm rename web shop");
    }

    [Fact]
    public void What_waits_and_names_only_the_port_stays_approved_for() =>
        AGateway()
            .Applied("expose vm2:8080 on 80")
            .When(Operator, "unexpose 80")
            .Applied("vm rename vm2 web")
            .When(Approver, "approve 2")
            .Then("change-approved.v1", "change-accepted.v1");

    [Theory]
    [InlineData("undo 3")]
    [InlineData("rollback to 2")]
    public void The_way_back_renames_too(string line)
    {
        var given = AGateway().Applied("expose vm2:8080 on 80").Applied("allow vm1 out").Applied("vm rename vm2 web");
        var effect = Assert.Single(given.When(Operator, line).Then("change-proposed.v1").State.Changes[4].Effects);
        Assert.Equal(new VmRenamed(4, Vm("web"), Vm("vm2")), effect);
    }

    [Fact]
    public void A_rollback_past_renames_closes_nothing_that_was_open_then()
    {
        var given = AGateway()
            .Applied($"peer add laptop {Key}")
            .Applied("expose vm2:8080 on 80")
            .Applied("vm rename vm2 web")
            .Applied("peer rename laptop notebook")
            .Applied("expose web:8081 on 81");
        given.When(Operator, "rollback to 2").Then("change-proposed.v1");
        Assert.Equal(
            ["vm-renamed.v1", "peer-renamed.v1", "exposure-closed.v1"],
            given.State.Changes[6].Effects.Select(Core.Domain.Changes.EventTypes.NameOf)
        );
        given.When(Approver, "approve 6").Applied();
        Assert.Equal("vm2:8080", Assert.Single(given.State.Running.Exposures).Value.TargetText);
    }

    [Fact]
    public void What_was_done_under_a_former_name_is_undone_under_the_present_one()
    {
        var given = AGateway()
            .Applied("expose vm2:8080 on 80")
            .Applied("allow vm1 out")
            .Applied("unexpose 80")
            .Applied("vm rename vm2 shop")
            .Applied("vm rename shop web")
            .Applied("vm rename vm1 db");
        given.Applied("undo 3");
        Assert.Equal("web:8080", Assert.Single(given.State.Running.Exposures).Value.TargetText);
        given.Applied("undo 2");
        Assert.Empty(given.State.Running.Rules);
        given.When(Operator, "undo 4").Then("change-proposed.v1");
        Assert.Equal(new VmRenamed(9, Vm("web"), Vm("vm2")), Assert.Single(given.State.Changes[9].Effects));
    }

    [Fact]
    public void A_name_that_somebody_else_has_by_now_is_not_taken_back() =>
        AGateway()
            .Applied("allow vm1 out")
            .Applied("vm rename vm2 web")
            .Applied("vm add vm2 400::5")
            .When(Operator, "undo 2")
            .Refused("vm2 is another VM, at 400::5.", "vms");

    [Fact]
    public void A_vm_is_renamed_without_touching_the_gateway()
    {
        var given = AGateway()
            .Applied($"peer add vm1 {Key} 10.1.0.2")
            .Applied("vm add vm4 10.1.0.4")
            .Applied("expose vm1:7000,vm4:7000 on 7000 balanced")
            .Applied("expose vm2:8080 on app.example.com")
            .Applied("snat vm1 from 203.0.113.12")
            .Applied("snat vm4 from 203.0.113.13");
        var plan = PlanOf(given, "vm rename vm1 zoo");
        Assert.Equal("rename VM vm1 to zoo", plan.Headline);
        Assert.Equal<string>(["nothing on the gateway but the revision"], plan.Touches);
        Assert.Equal("", plan.Diff);
    }

    [Fact]
    public void A_peer_is_renamed_in_the_file_of_wireguard_and_its_session_stays()
    {
        var plan = PlanOf(AGateway().Applied($"peer add laptop {Key}"), "peer rename laptop notebook");
        Assert.Equal("rename peer laptop to notebook", plan.Headline);
        Assert.Equal<string>(["WireGuard (1 peer; running sessions are kept)"], plan.Touches);
        Assert.Equal("1 file, +1 -1: wg0.conf", plan.Diff);
    }

    [Fact]
    public void Policy_holds_a_rename_by_its_name() =>
        AGateway()
            .Applied("allow vm1 out")
            .Applied("vm rename vm2 web")
            .Under(new PolicyRule(["vm rename"], null, null, null, Role.Admin, new Approvals(1, "approver")))
            .When(Operator, "vm rename web shop")
            .Refused("vm rename needs the role admin; operator has the role operator.")
            .When(Operator, "undo 2")
            .Refused("vm rename needs the role admin; operator has the role operator.");

    private static PlanWords PlanOf(Given given, string line)
    {
        var before = given.State.Running;
        given.When(Operator, line).Then("change-proposed.v1");
        var plan = Plan.Of(given.State, given.State.Changes.Values.MaxBy(c => c.Number)!.Effects);
        var renderer = new ConfigRenderer(new Templates(Path.Combine(AppContext.BaseDirectory, "templates")));
        return PlanWords.Of(plan, line, FileDiff.Between(renderer.Render(before), renderer.Render(plan.After)));
    }
}
