using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Changes;

namespace ChatOps.Specs.Changes;

/// <summary>Trying again what is stuck.</summary>
public sealed class RetrySpecs
{
    [Fact]
    public void A_change_that_is_stuck_waits_at_the_head_until_an_operator_wants_it_tried_again()
    {
        var given = Stuck();
        Assert.Equal(1, given.State.Stuck?.Number);
        given.When(Given.Operator, "retry").Then("change-retried.v1");
        Assert.Null(given.State.Stuck);
        Assert.Equal(1, given.State.Head?.Number);
        given.Applied();
        Assert.Equal(1, given.State.RunningRevision.Number);
    }

    [Fact]
    public void Nothing_is_tried_again_when_nothing_is_stuck() =>
        Given.AGateway().Accepted("expose vm2:8080 on 80").When(Given.Operator, "retry").Refused("nothing on gw1 is stuck.", "status");

    [Fact]
    public void Who_only_looks_brings_nothing_back() =>
        Stuck().When(Given.Viewer, "retry").Refused("retry needs the role operator; viewer has the role viewer.");

    [Fact]
    public void An_alert_about_a_message_is_over_with_retry()
    {
        var given = Given.AGateway().And(UnreadMessage.Alert("x\n\u001b[31m"));
        Assert.DoesNotContain('\u001b', given.State.Alerts[UnreadMessage.Key].Text);
        given.When(Given.Operator, "retry").Then("alert-cleared.v1");
        Assert.Empty(given.State.Alerts);
    }

    private static Given Stuck() => Given.AGateway().Accepted("expose vm2:8080 on 80").And(new ChangeStuck(1, "the disk is full"));
}
