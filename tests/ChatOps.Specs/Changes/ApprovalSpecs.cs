using ChatOps.Core.Decisions;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using static ChatOps.Specs.Given;

namespace ChatOps.Specs.Changes;

public sealed class ApprovalSpecs
{
    [Fact]
    public void The_last_approval_makes_a_revision()
    {
        var given = AGateway()
            .When(Operator, "expose vm2:8080 on 80")
            .When(Approver, "approve 1")
            .Then("change-approved.v1", "change-accepted.v1");
        Assert.Equal(1, given.State.LastRevision.Number);
        Assert.True(given.State.Desired.Exposures.ContainsKey(Text.Parse<PublicPort>("80")));
        Assert.Empty(given.State.Running.Exposures);
    }

    [Fact]
    public void Nobody_approves_their_own_change() =>
        AGateway()
            .When(Admin, "expose vm2:8080 on 80")
            .When(Admin, "approve 1")
            .Refused("admin proposed #1; someone else must approve it.");

    [Fact]
    public void An_operator_may_not_approve() =>
        AGateway()
            .When(Admin, "expose vm2:8080 on 80")
            .When(Operator, "approve 1")
            .Refused("approve needs the role approver; operator has the role operator.");

    [Fact]
    public void Two_approvals_need_two_people() =>
        AGateway()
            .Under(new PolicyRule(["expose"], new Port(1), new Port(1023), null, Role.Operator, new Approvals(2, "approver")))
            .When(Operator, "expose vm2:8080 on 80")
            .When(Approver, "approve 1")
            .Then("change-approved.v1")
            .When(Approver, "approve 1")
            .Refused("you have approved #1 already; it waits for 1 more (approver).")
            .When(SecondApprover, "approve 1")
            .Then("change-approved.v1", "change-accepted.v1");

    [Fact]
    public void Approvals_are_bound_to_the_plan()
    {
        // vm2 is forgotten and comes back at another address while its exposure waits.
        var given = AGateway()
            .Under(new PolicyRule(["expose"], null, null, null, Role.Operator, new Approvals(2, "approver")))
            .When(Operator, "expose vm2:8080 on 80")
            .When(Approver, "approve 1")
            .Then("change-approved.v1")
            .And(new VmRemoved(0, Vm("vm2")))
            .And(new VmAdded(0, Vm("vm2"), [Text.Parse<Address>("400::99")]))
            .When(SecondApprover, "approve 1")
            .Then("change-replanned.v1");
        Assert.Empty(given.State.Changes[1].Approvers);
        given
            .When(SecondApprover, "approve 1")
            .Then("change-approved.v1")
            .When(Approver, "approve 1")
            .Then("change-approved.v1", "change-accepted.v1");
    }

    [Fact]
    public void An_unrelated_change_does_not_void_approvals() =>
        AGateway()
            .When(Operator, "expose vm2:8080 on 80")
            .When(Operator, "expose vm3:8080 on 81")
            .When(Approver, "approve 2")
            .Then("change-approved.v1", "change-accepted.v1")
            .When(Approver, "approve 1")
            .Then("change-approved.v1", "change-accepted.v1");

    [Fact]
    public void A_button_that_shows_an_old_plan_approves_nothing() =>
        AGateway()
            .When(Operator, "expose vm2:8080 on 80")
            .When(Approver, $"approve 1 plan {new string('0', 64)}")
            .Refused("the plan of #1 has changed since it was shown; look at it again.", "show 1");

    [Fact]
    public void What_no_longer_fits_cannot_be_approved() =>
        AGateway()
            .When(Operator, "expose vm2:8080 on 80")
            .When(Operator, "expose vm3:8080 on 80")
            .When(Approver, "approve 2")
            .When(Approver, "approve 1")
            .Refused("#1 can no longer be applied: 80 is taken: exposure #2 leads tcp 80 to vm3:8080 since 2026-11-20 (operator).");

    [Fact]
    public void A_denial_says_why_and_ends_it()
    {
        var given = AGateway()
            .When(Operator, "expose vm2:8080 on 80")
            .When(Approver, "deny 1 because \"wrong machine\"")
            .Then("change-denied.v1");
        Assert.Equal("wrong machine", Assert.IsType<ChangeStatus.Denied>(given.State.Changes[1].Status).Reason);
        given.When(Approver, "approve 1").Refused("#1 is denied; there is nothing left to decide.", "show 1");
    }

    [Fact]
    public void Withdrawing_is_for_the_proposer_and_admins() =>
        AGateway()
            .When(Admin, "expose vm2:8080 on 80")
            .When(Operator, "withdraw 1")
            .Refused("#1 is admin's; only they or an admin can withdraw it.")
            .When(Admin, "withdraw 1")
            .Then("change-withdrawn.v1");

    [Fact]
    public void A_failed_change_leaves_what_ran_and_burns_its_revision()
    {
        var given = AGateway().Applied("expose vm2:8080 on 80").Accepted("expose vm3:8080 on 81").Failed();
        Assert.Equal(1, given.State.RunningRevision.Number);
        Assert.Equal([Text.Parse<PublicPort>("80")], given.State.Desired.Exposures.Keys);
        given.Accepted("expose vm3:8080 on 81");
        Assert.Equal(3, given.State.LastRevision.Number);
    }

    [Fact]
    public void Proposals_expire_when_their_time_is_over()
    {
        var given = AGateway().When(Operator, "expose vm2:8080 on 80");
        var proposedAt = given.State.Changes[1].At;
        Assert.Empty(Decider.Expire(given.State, proposedAt.AddHours(23), TimeSpan.FromDays(1)));
        Assert.Equal<GatewayEvent>([new ChangeExpired(1)], [.. Decider.Expire(given.State, proposedAt.AddHours(24), TimeSpan.FromDays(1))]);
    }
}
