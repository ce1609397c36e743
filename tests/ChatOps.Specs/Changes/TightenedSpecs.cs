using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using static ChatOps.Specs.Given;

namespace ChatOps.Specs.Changes;

/// <summary>What waits is held by the stricter of the policy under which it was proposed and the one in force.</summary>
public sealed class TightenedSpecs
{
    [Fact]
    public void A_stricter_policy_binds_what_waits_and_the_log_says_so()
    {
        var given = AGateway()
            .When(Operator, "expose vm2:8080 on 80")
            .Under(Needing(new(2, "approver")))
            .When(Approver, "approve 1")
            .Then("change-tightened.v1", "change-approved.v1");
        Assert.True(given.State.Changes[1].IsTightened);
        Assert.Equal(1, given.State.Changes[1].Open.Total);
        given.When(SecondApprover, "approve 1").Then("change-approved.v1", "change-accepted.v1");
    }

    [Fact]
    public void What_was_approved_before_counts_on_and_the_new_role_is_missing() =>
        AGateway()
            .Under(Needing(new(2, "approver")))
            .When(Operator, "expose vm2:8080 on 80")
            .When(Approver, "approve 1")
            .Under(Needing(new(1, "approver", [new(1, "admin")])))
            .When(SecondApprover, "approve 1")
            .Refused("#1 needs the consent of the role admin; second does not have it.")
            .When(Admin, "approve 1")
            .Then("change-tightened.v1", "change-approved.v1", "change-accepted.v1");

    [Fact]
    public void A_looser_policy_lets_go_of_nothing_that_waits() =>
        AGateway()
            .Under(Needing(new(2, "approver")))
            .When(Operator, "expose vm2:8080 on 80")
            .Under(Needing(Approvals.None))
            .When(Approver, "approve 1")
            .Then("change-approved.v1")
            .When(SecondApprover, "approve 1")
            .Then("change-approved.v1", "change-accepted.v1");

    private static PolicyRule Needing(Approvals needs) => new(["expose"], null, null, null, Role.Operator, needs);
}
