using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;
using static ChatOps.Specs.Given;

namespace ChatOps.Specs.Changes;

/// <summary>When nobody can be waited for: an admin, with a reason, and never unseen.</summary>
public sealed class BreakGlassSpecs
{
    private const string Line = "break-glass 1 because \"the shop is down\"";

    [Fact]
    public void An_admin_goes_without_the_consent_that_is_missing_for_their_own_change_too()
    {
        var given = AGateway().When(Admin, "expose vm2:8080 on 80").When(Admin, Line).Then("change-forced.v1", "change-accepted.v1");
        var change = given.State.Changes[1];
        Assert.Equal((new BrokenGlass(Admin.Actor, "the shop is down"), 1), (change.Glass, given.State.LastRevision.Number));
        Assert.Equal("admin (broke the glass)", Assert.Single(change.Consents));
    }

    [Fact]
    public void Nobody_else_may() =>
        AGateway()
            .When(Operator, "expose vm2:8080 on 80")
            .When(Approver, Line)
            .Refused("break-glass needs the role admin; approver has the role approver.");

    [Fact]
    public void It_needs_a_reason() =>
        Assert.IsType<Core.Language.Commands.ParseResult.NotUnderstood>(Core.Language.Commands.Parser.Parse("break-glass 1"));

    [Fact]
    public void What_has_ended_is_not_forced() =>
        AGateway()
            .When(Operator, "expose vm2:8080 on 80")
            .When(Operator, "withdraw 1")
            .When(Admin, Line)
            .Refused("#1 is withdrawn; there is nothing left to decide.");

    [Fact]
    public void What_cannot_be_applied_any_more_is_not_forced_either() =>
        AGateway()
            .When(Operator, "expose vm2:8080 on 80")
            .When(Operator, "expose vm3:8080 on 80")
            .When(Approver, "approve 2")
            .When(Admin, Line)
            .Refused("#1 can no longer be applied: 80 is taken: exposure #2 leads tcp 80 to vm3:8080 since 2026-11-20 (operator).");

    [Fact]
    public void Who_is_forgotten_loses_the_name_and_the_reason()
    {
        var given = AGateway().When(Operator, "expose vm2:8080 on 80").When(Admin, Line);
        var glass = given.State.Without(new PersonForgotten(Admin.Actor.Platform, Admin.Actor.Id, [])).Changes[1].Glass!;
        Assert.Equal((SealedText.Erased, SealedText.Erased), (glass.By.Name, glass.Reason));
    }
}
