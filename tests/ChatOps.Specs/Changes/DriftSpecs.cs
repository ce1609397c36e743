using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Gateways;
using static ChatOps.Specs.Given;

namespace ChatOps.Specs.Changes;

/// <summary>Nothing is changed on top of a drift, so that it is never overwritten unseen.</summary>
public sealed class DriftSpecs
{
    private const string Sentence = "gw1 has drifted from the log; it is repaired first, so that nothing is overwritten unseen.";

    private static readonly AlertRaised Drifted = new("drift", "gw1 has drifted", "-a\n+b", []);

    [Fact]
    public void A_change_can_be_proposed_and_is_approved_after_the_repair() =>
        AGateway()
            .And(Drifted)
            .When(Operator, "expose vm2:8080 on 80")
            .Then("change-proposed.v1")
            .When(Approver, "approve 1")
            .Refused(Sentence, "drift", "repair at gw1")
            .When(Operator, "repair")
            .Then("change-proposed.v1", "change-accepted.v1")
            .When(Approver, "approve 1")
            .Then("change-approved.v1", "change-accepted.v1");

    [Fact]
    public void What_policy_approves_by_itself_is_refused_at_once() =>
        AGateway()
            .And(Drifted)
            .Under(new PolicyRule(["expose"], null, null, null, Role.Operator, new Approvals(0, "approver")))
            .When(Operator, "expose vm2:8080 on 80")
            .Refused(Sentence);
}
