using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Values;
using static ChatOps.Specs.Given;

namespace ChatOps.Specs.Changes;

/// <summary>Policy holds what a change does, whichever words ask for it.</summary>
public sealed class EffectPolicySpecs
{
    private static readonly PolicyRule LowPorts = new(
        ["expose"],
        new Port(1),
        new Port(1023),
        null,
        Role.Operator,
        new Approvals(2, "approver")
    );

    [Theory]
    [InlineData("undo 2")]
    [InlineData("rollback to 1")]
    public void What_opens_a_port_again_needs_the_consent_that_opening_it_needs(string line) =>
        AGateway()
            .Applied("expose vm2:8080 on 80")
            .Applied("unexpose 80")
            .Under(LowPorts)
            .When(Operator, line)
            .Then("change-proposed.v1")
            .When(Approver, "approve 3")
            .Then("change-approved.v1")
            .When(SecondApprover, "approve 3")
            .Then("change-approved.v1", "change-accepted.v1");

    [Fact]
    public void What_keeps_a_port_open_longer_does_too() =>
        AGateway()
            .Applied("expose vm2:8080 on 80 for 2h")
            .Under(LowPorts)
            .When(Operator, "extend 1 for 1h")
            .When(Approver, "approve 2")
            .Then("change-approved.v1")
            .When(SecondApprover, "approve 2")
            .Then("change-approved.v1", "change-accepted.v1");

    [Fact]
    public void What_a_person_may_not_do_by_name_they_may_not_do_by_undoing() =>
        AGateway()
            .Applied("expose vm2:8080 on 80")
            .Applied("unexpose 80")
            .Under(LowPorts with { Who = Role.Admin })
            .When(Operator, "undo 2")
            .Refused("expose needs the role admin; operator has the role operator.");

    [Fact]
    public void A_rule_that_wants_an_admins_consent_gets_it() =>
        AGateway()
            .Under(LowPorts with { Needs = new(1, "admin") })
            .When(Operator, "expose vm2:8080 on 80")
            .When(Approver, "approve 1")
            .Refused("#1 needs the consent of the role admin; approver does not have it.")
            .When(Admin, "approve 1")
            .Then("change-approved.v1", "change-accepted.v1");

    [Fact]
    public void The_strictest_of_several_effects_decides() =>
        AGateway()
            .Under(LowPorts, new PolicyRule(["expose"], null, null, null, Role.Operator, new Approvals(0, "approver")))
            .When(Operator, "expose vm2:8080 on 8080")
            .Then("change-proposed.v1", "change-accepted.v1")
            .When(Operator, "expose vm2:80,8081 on 80,8081")
            .Then("change-proposed.v1");
}
