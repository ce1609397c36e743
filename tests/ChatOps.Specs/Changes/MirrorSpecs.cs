using System.Collections.Immutable;
using ChatOps.Core.Decisions;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;
using static ChatOps.Specs.Given;

namespace ChatOps.Specs.Changes;

/// <summary>A second gateway that does what the first one does.</summary>
public sealed class MirrorSpecs
{
    private static readonly Name<Gateway> Gw2 = Text.Parse<Name<Gateway>>("gw2");

    [Fact]
    public void A_mirror_follows_what_is_desired_before_the_first_has_applied_it()
    {
        var source = AGateway().Applied("allow vm1 out").Accepted("expose vm2:8080 on 80 for 2h");
        var follow = Assert.IsType<Decision.Accepted>(Mirroring.Follow(NewMirror(), source.State, Start)).Events;
        var proposed = Assert.IsType<ChangeProposed>(follow[0]);
        Assert.Equal(("mirror gw1", "gw1#2: expose vm2:8080 on 80 for 2h"), (proposed.Line, proposed.Reason));
        Assert.IsType<ChangeAccepted>(follow[1]);
        var image = NewMirror().Running.With(proposed.Effects);
        Assert.Equal(source.State.Desired.Exposures.Keys, image.Exposures.Keys);
        Assert.Equal(source.State.Desired.Vms.Keys, image.Vms.Keys);
        Assert.Equal(source.State.Desired.Rules.Keys, image.Rules.Keys);
        Assert.Equal(Gw2, image.Gateway!.Name);
    }

    [Fact]
    public void Once_it_follows_there_is_nothing_left_to_do()
    {
        var source = AGateway().Applied("expose vm2:8080 on 80");
        var mirror = After(NewMirror(), Mirroring.Follow(NewMirror(), source.State, Start));
        Assert.IsType<Decision.Refused>(Mirroring.Follow(mirror, source.State, Start));
        Assert.Empty(Mirroring.Findings(mirror, source.State, Start));
    }

    [Fact]
    public void A_longer_time_is_followed_without_closing_anything()
    {
        var source = AGateway().Applied("expose vm2:8080 on 80 for 2h");
        var mirror = After(NewMirror(), Mirroring.Follow(NewMirror(), source.State, Start));
        source.Applied("extend 1 for 1h");
        var proposed = (ChangeProposed)Assert.IsType<Decision.Accepted>(Mirroring.Follow(mirror, source.State, Start)).Events[0];
        Assert.IsType<ExposureExtended>(Assert.Single(proposed.Effects));
    }

    [Fact]
    public void Another_name_is_followed_without_closing_anything()
    {
        var source = AGateway().Applied("expose vm2:8080 on 80").Applied("allow vm1 out");
        var mirror = After(NewMirror(), Mirroring.Follow(NewMirror(), source.State, Start));
        source.Applied("vm rename vm2 web").Applied("vm rename vm1 shop").Applied("limit 80 to 5/second");
        var follow = Mirroring.Follow(mirror, source.State, Start);
        var proposed = (ChangeProposed)Assert.IsType<Decision.Accepted>(follow).Events[0];
        Assert.Equal(["vm-renamed.v1", "vm-renamed.v1", "rule-added.v1"], proposed.Effects.Select(EventTypes.NameOf));
        Assert.IsType<Decision.Refused>(Mirroring.Follow(After(mirror, follow), source.State, Start));
    }

    [Fact]
    public void A_length_of_time_begins_on_each_of_them_and_is_not_followed_for_ever()
    {
        var source = AGateway().Accepted("expose vm2:8080 on 80 for 2h");
        var mirror = After(NewMirror(), Mirroring.Follow(NewMirror(), source.State, Start));
        Assert.IsType<Decision.Refused>(Mirroring.Follow(mirror, source.State, Start));
        source.Applied();
        var proposed = (ChangeProposed)Assert.IsType<Decision.Accepted>(Mirroring.Follow(mirror, source.State, Start)).Events[0];
        mirror = After(mirror, new Decision.Accepted([proposed, new ChangeAccepted(proposed.Number, new Revision(2))]));
        Assert.Equal(source.State.Running.Exposures.Values.Single().Options, mirror.Running.Exposures.Values.Single().Options);
        Assert.IsType<Decision.Refused>(Mirroring.Follow(mirror, source.State, Start));
    }

    [Fact]
    public void What_belongs_to_the_firsts_own_addresses_stays_with_it()
    {
        var source = AGateway().Applied("map 203.0.113.11 to vm1").Applied("snat vm1 from 203.0.113.12");
        var image = Mirroring.ImageOf(source.State.Desired, NewMirror().Desired, Start);
        Assert.Empty(image.Rules);
    }

    [Fact]
    public void What_should_be_closed_by_now_is_not_opened_on_the_mirror()
    {
        var source = AGateway().Applied("expose vm2:8080 on 80 for 2h");
        Assert.Empty(Mirroring.ImageOf(source.State.Desired, NewMirror().Desired, Start.AddDays(1)).Exposures);
    }

    [Fact]
    public void What_has_failed_is_not_tried_again_until_something_is_different()
    {
        var source = AGateway().Applied("expose vm2:8080 on 80");
        var mirror = With(NewMirror(), Assert.IsType<Decision.Accepted>(Mirroring.Follow(NewMirror(), source.State, Start)).Events);
        mirror = With(mirror, [new ChangeFailed(1, new Revision(2), "switching", "no", new Revision(1))]);
        Assert.IsType<Decision.Refused>(Mirroring.Follow(mirror, source.State, Start));
        var finding = Assert.Single(Mirroring.Findings(mirror, source.State, Start));
        Assert.Equal("gw2 does not follow gw1: the same has failed as #1", finding.Text);
        Assert.Equal<string>(["show gw2#1", "repair at gw2"], finding.Next);
        Assert.IsType<Decision.Accepted>(Mirroring.Follow(mirror, source.Applied("unexpose 80").State, Start));
    }

    [Fact]
    public void A_mirror_is_changed_where_it_comes_from()
    {
        var refusal = Assert.IsType<Decision.Refused>(Decide(NewMirror(), "expose vm2:8080 on 80 at gw2")).Refusal;
        Assert.Equal("gw2 mirrors gw1; change gw1, and gw2 follows.", refusal.Sentence);
        Assert.Equal<string>(["expose vm2:8080 on 80 at gw1"], refusal.Next);
        Assert.IsType<Decision.Accepted>(Decide(NewMirror(), "repair at gw2"));
    }

    [Theory]
    [InlineData("gateway add gw3 203.0.113.30 mirrors gw3", "gw3 cannot mirror itself.")]
    [InlineData("gateway add gw3 203.0.113.30 mirrors gw9", "no gateway gw9 to mirror. Did you mean gw1?")]
    [InlineData("gateway add gw3 203.0.113.30 mirrors gw2", "gw2 mirrors gw1 itself; mirror gw1.")]
    public void A_mirror_of_nothing_of_itself_or_of_a_mirror_is_refused(string line, string sentence)
    {
        var states = ImmutableSortedDictionary<Name<Gateway>, GatewayState>
            .Empty.Add(Text.Parse<Name<Gateway>>("gw1"), AGateway().State)
            .Add(Gw2, NewMirror());
        var command = (AddGateway)Assert.IsType<ParseResult.Understood>(Parser.Parse(line)).Command;
        Assert.Equal(sentence, Mirroring.Problem(states, command)?.Sentence);
    }

    private static GatewayState NewMirror() =>
        With(
            GatewayState.Initial(Gw2),
            [
                new GatewayAdded(
                    0,
                    Core.Domain.Gateways.Gateway.WithDefaults(
                        Gw2,
                        [Text.Parse<Address>("203.0.113.20")],
                        Gateway().HostKey,
                        Text.Parse<Name<Gateway>>("gw1")
                    )
                ),
            ]
        );

    private static GatewayState After(GatewayState mirror, Decision follow)
    {
        var events = Assert.IsType<Decision.Accepted>(follow).Events;
        var proposed = (ChangeProposed)events[0];
        var applied = new ChangeApplied(
            proposed.Number,
            ((ChangeAccepted)events[1]).Revision,
            new string('a', 64),
            ImmutableSortedDictionary<string, int>.Empty,
            []
        );
        return With(mirror, [.. events, .. Lifetimes.Begun(proposed.Effects, Start), applied]);
    }

    private static GatewayState With(GatewayState state, ImmutableArray<GatewayEvent> events) =>
        events.Aggregate(state, (s, e) =>
            s.With(
                new Recorded(
                    0,
                    "id",
                    "gateway/gw2",
                    s.Version + 1,
                    Start,
                    e is ChangeFailed or ChangeApplied ? Actor.Apply : Actor.Reconcile,
                    null,
                    null,
                    e,
                    "",
                    ""
                )
            )
        );

    private static Decision Decide(GatewayState state, string line) =>
        Decider.Decide(
            state,
            (ChangeCommand)Assert.IsType<ParseResult.Understood>(Parser.Parse(line)).Command,
            Operator,
            ChangePolicy.Default,
            Start
        );
}
