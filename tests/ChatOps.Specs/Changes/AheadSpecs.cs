using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Specs.Changes;

/// <summary>
/// A gateway that was offered later revisions than the log knows of: nothing is changed on it until somebody takes it over.
/// </summary>
public sealed class AheadSpecs
{
    private static Given Behind(int highest = 57)
    {
        var given = Given.AGateway().Applied("expose vm2:8080 on 80");
        var finding = Ahead.Finding(given.State, new(highest));
        return given.And(new AlertRaised(finding.Key, finding.Text, finding.Detail, finding.Next));
    }

    [Fact]
    public void Nothing_is_changed_on_it() =>
        Behind()
            .When(Given.Operator, "expose vm2:8080 on 81")
            .Then("change-proposed.v1")
            .When(Given.Approver, "approve 2")
            .Refused(
                "gw1 was offered revision 57 already, by another ChatOps or another log; it takes nothing older until it is repaired.",
                "status",
                "repair at gw1"
            );

    [Fact]
    public void A_repair_goes_on_from_its_number()
    {
        var given = Behind().When(Given.Operator, "repair").Then("change-proposed.v1", "change-accepted.v1");
        Assert.Equal(new Revision(58), given.State.LastRevision);
        given.When(Given.Operator, "expose vm2:8080 on 81").When(Given.Approver, "approve 3");
        Assert.Equal(new Revision(59), given.State.LastRevision);
    }

    [Fact]
    public void What_it_was_offered_no_later_than_the_log_is_no_matter()
    {
        var given = Behind(highest: 1).Applied("expose vm2:8080 on 81");
        Assert.Equal(new Revision(2), given.State.LastRevision);
    }
}
