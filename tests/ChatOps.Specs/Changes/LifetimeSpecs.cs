using ChatOps.Core.Decisions;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using static ChatOps.Specs.Given;

namespace ChatOps.Specs.Changes;

/// <summary>What is open for a time only: the reminder, the end, and what comes too late.</summary>
public sealed class LifetimeSpecs
{
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);

    [Fact]
    public void When_its_time_is_up_it_is_closed_without_anybodys_consent()
    {
        var given = AGateway().Applied("expose vm2:8080 on 80 for 2h");
        var until = UntilOf(given);
        Assert.Empty(Leases.Due(given.State, until.AddSeconds(-1)));
        var lease = Assert.Single(Leases.Due(given.State, until));
        var closing = Assert.IsType<Decision.Accepted>(Leases.Close(given.State, lease, until)).Events;
        Assert.Equal(["change-proposed.v1", "change-accepted.v1"], closing.Select(EventTypes.NameOf));
        var proposed = Assert.IsType<ChangeProposed>(closing[0]);
        Assert.Equal(("unexpose 80", "its time is up (for 2h, #1)", 0), (proposed.Line, proposed.Reason, proposed.Needs.Count));
    }

    [Fact]
    public void It_is_closed_once_however_often_one_looks()
    {
        var given = AGateway().Applied("expose vm2:9000-9002 on 9000-9002 for 2h");
        var until = UntilOf(given);
        var lease = Assert.Single(Leases.Due(given.State, until));
        foreach (var @event in Assert.IsType<Decision.Accepted>(Leases.Close(given.State, lease, until)).Events)
            given.And(@event, Actor.Reconcile);
        Assert.Empty(Leases.Due(given.State, until));
        Assert.IsType<Decision.Refused>(Leases.Close(given.State, lease, until));
        Assert.Empty(given.Applied().State.Running.Exposures);
    }

    [Fact]
    public void What_somebody_is_closing_already_is_left_to_them()
    {
        var given = AGateway().Applied("expose vm2:8080 on 80 for 2h").Accepted("unexpose 80");
        Assert.Empty(Leases.Due(given.State, Start.AddDays(1)));
    }

    [Fact]
    public void A_closing_that_failed_is_tried_again_after_a_pause_and_said()
    {
        var given = Wait(AGateway().Applied("expose vm2:8080 on 80 until 09:20"), 10);
        var until = UntilOf(given);
        var lease = Leases.Due(given.State, until).Single();
        foreach (var @event in Assert.IsType<Decision.Accepted>(Leases.Close(given.State, lease, until)).Events)
            given.And(@event, Actor.Reconcile);
        given.And(new ChangeFailed(2, new Revision(2), "switching", "no", new Revision(1)), Actor.Apply);
        var failedAt = ((ChangeStatus.Failed)given.State.Changes[2].Status).At;

        Assert.IsType<Decision.Refused>(Leases.Close(given.State, lease, failedAt.AddSeconds(30)));
        var finding = Assert.Single(Leases.Findings(given.State, failedAt.AddSeconds(30), TenMinutes));
        Assert.Equal("overdue 80", finding.Key);
        Assert.Equal("tcp 80 on gw1 should be closed since 2026-11-20 09:20 UTC and is open: closing 80 failed (#2)", finding.Text);
        Assert.IsType<Decision.Accepted>(Leases.Close(given.State, lease, failedAt.AddMinutes(1)));
    }

    [Fact]
    public void On_a_gateway_that_has_drifted_it_waits_for_the_repair_and_says_so()
    {
        var given = AGateway().Applied("expose vm2:8080 on 80 for 2h").And(new AlertRaised("drift", "gw1 has drifted", "-a\n+b", []));
        var finding = Assert.Single(Leases.Findings(given.State, UntilOf(given), TenMinutes));
        Assert.Contains("gw1 has drifted from the log", finding.Text, StringComparison.Ordinal);
        Assert.Equal<string>(["drift", "repair at gw1"], finding.Next);
    }

    [Fact]
    public void The_reminder_comes_a_tenth_of_the_time_before_the_end_and_names_the_line_that_extends()
    {
        var given = AGateway().Applied("expose vm2:8080 on 80 for 1h");
        var until = UntilOf(given);
        Assert.Empty(Leases.Findings(given.State, until.AddMinutes(-7), TenMinutes));
        var finding = Assert.Single(Leases.Findings(given.State, until.AddMinutes(-5), TenMinutes));
        Assert.Equal("expiry 80", finding.Key);
        Assert.Equal($"tcp 80 on gw1 closes by itself at {Lifetimes.Moment(until)}", finding.Text);
        Assert.Equal<string>(["extend 1 for 1h"], finding.Next);
        given.Applied("extend 1 for 1h");
        Assert.Empty(Leases.Findings(given.State, until.AddMinutes(-5), TenMinutes));
    }

    [Fact]
    public void A_long_lifetime_is_reminded_of_ten_minutes_before()
    {
        var given = AGateway().Applied("expose vm2:9000-9009 on 9000-9009 for 7d");
        var until = UntilOf(given);
        Assert.Empty(Leases.Findings(given.State, until.AddMinutes(-11), TenMinutes));
        Assert.Equal("expiry 9000-9009", Assert.Single(Leases.Findings(given.State, until.AddMinutes(-10), TenMinutes)).Key);
    }

    [Fact]
    public void What_would_open_for_a_time_that_is_over_cannot_be_approved_and_expires()
    {
        var given = AGateway().When(Operator, "expose vm2:8080 on 80 until 09:20");
        Assert.NotEmpty(Decider.Expire(given.State, Start.AddMinutes(8), TimeSpan.FromDays(1)));
        Wait(given, 10).When(Approver, "approve 1").Refused("#1 was to open until 2026-11-20 09:20 UTC, which is over.");
    }

    [Fact]
    public void A_length_of_time_counts_from_the_confirm_however_late_it_is_approved()
    {
        var given = Wait(AGateway().When(Operator, "expose vm2:8080 on 80 for 1h"), 90);
        Assert.Empty(Decider.Expire(given.State, Start.AddMinutes(95), TimeSpan.FromDays(1)));
        given.When(Approver, "approve 1").Then("change-approved.v1", "change-accepted.v1");
        Assert.Null(Lifetimes.Over(given.State.Changes[1], Start.AddDays(1)));
        Assert.Equal("open tcp 80 -> vm2:8080 for 1h", EffectWords.Of(given.State.Changes[1].Effects));
        given.Applied();
        var opened = Assert.IsType<ChangeStatus.Applied>(given.State.Changes[1].Status).At - TimeSpan.FromMinutes(1);
        Assert.Equal(opened + TimeSpan.FromHours(1), UntilOf(given));
        Assert.Equal($"open tcp 80 -> vm2:8080 until {Lifetimes.Moment(UntilOf(given))}", EffectWords.Of(given.State.Changes[1].Effects));
    }

    [Fact]
    public void What_has_not_begun_is_not_due()
    {
        var given = AGateway().Accepted("expose vm2:8080 on 80 for 1h");
        Assert.Empty(Leases.Due(given.State, Start.AddDays(1)));
        given.Applied().Accepted("extend 1 for 1h");
        Assert.Empty(Leases.Due(given.State, UntilOf(given).AddMinutes(30)));
    }

    [Fact]
    public void What_has_no_end_is_given_one_that_counts_from_the_confirm()
    {
        var given = Wait(AGateway().Applied("expose vm2:8080 on 80").When(Operator, "extend 1 for 1h"), 90)
            .When(Approver, "approve 2")
            .Applied();
        Assert.True(UntilOf(given) > Start.AddMinutes(140));
        Assert.False(given.State.Running.Exposures.Values.Single().Options.For is not null);
    }

    [Fact]
    public void A_length_of_time_that_has_not_begun_is_extended_as_a_whole()
    {
        var given = AGateway().Accepted("expose vm2:8080 on 80 for 1h").Accepted("extend 1 for 2h");
        Assert.Equal(TimeSpan.FromHours(3), given.State.Desired.Exposures.Values.Single().Options.For);
    }

    [Fact]
    public void A_rollback_does_not_open_again_what_has_ended()
    {
        var given = AGateway().Applied("expose vm2:8080 on 80 until 09:20").Applied("expose vm2:8080 on 81");
        Wait(given, 10).Applied("unexpose 80-81").Applied("rollback to 2");
        Assert.Equal(["81"], given.State.Running.Exposures.Keys.Select(k => k.ToString()));
    }

    // In Given, every event takes a minute.
    private static Given Wait(Given given, int minutes)
    {
        for (var minute = 0; minute < minutes; minute++)
            given.And(new HostKeyPinned(Gateway().HostKey!.Value));
        return given;
    }

    private static DateTimeOffset UntilOf(Given given) => given.State.Running.Exposures.Values.First().Options.Until!.Value;
}
