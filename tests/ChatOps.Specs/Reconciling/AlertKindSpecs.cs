using System.Text.RegularExpressions;
using ChatOps.Bot.Discord.Cards;
using ChatOps.Bot.Replies;
using ChatOps.Bot.Web.Pictures;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Planning;
using ChatOps.Core.Domain.Values;
using ChatOps.Rendering;
using ChatOps.Specs.Conventions;

namespace ChatOps.Specs.Reconciling;

/// <summary>Every kind of alert is told, shown where it belongs, explained, and has words for its end.</summary>
public sealed partial class AlertKindSpecs
{
    public static TheoryData<string> Keys => [.. AlertKind.All.Select(k => k.Key)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_kind_is_told_on_every_surface_and_has_words_for_its_end(string name)
    {
        var kind = AlertKind.Of(name)!;
        var finding = new Finding(kind, SubjectOf(kind), $"something about {name}", null, "status");
        Assert.Same(kind, AlertKind.Of(finding.Key));
        Assert.Equal(finding.Subject, AlertKind.SubjectOf(finding.Key));
        Assert.InRange(kind.Raise, 1, 5);
        Assert.InRange(kind.Clear, 1, 5);
        var given = Given.AGateway().And(new AlertRaised(finding.Key, finding.Text, finding.Detail, finding.Next));
        var over = kind.Over(given.State, finding.Key);
        Assert.Contains("gw1", over, StringComparison.Ordinal);
        if (finding.Subject.Length > 0)
            Assert.Contains(finding.Subject, over, StringComparison.Ordinal);

        // The terminal, Discord, and the page: at the thing itself, or at the gateway.
        var card = new AlertCard(new ReplyWriter(new Templates(Path.Combine(AppContext.BaseDirectory, "templates")))).Raised(
            given.State.Name,
            given.State.Alerts[finding.Key]
        );
        Assert.Contains(finding.Text, card.Text, StringComparison.Ordinal);
        Assert.Equal(finding.Key, Assert.IsType<CardKey.OfAlert>(CardKey.Read(card.Key)).About);
        Assert.NotEmpty(MessageFormatter.Card(card).Embeds);
        Assert.Equal(kind.IsTrouble, ShownOnThePage(given.State).Contains(finding.Text));
    }

    [Fact]
    public void An_alert_of_another_version_is_shown_at_the_gateway() =>
        Assert.Contains(
            "what is this",
            ShownOnThePage(Given.AGateway().And(new AlertRaised("teleport 80", "what is this", null, [])).State)
        );

    [Fact]
    public void Every_kind_is_explained_to_whoever_has_to_do_something()
    {
        var explained = Row()
            .Matches(
                File.ReadAllText(Path.Combine(Checkout.Root, "docs", "operations.md")).Split("## Alerts in the chat")[1].Split("\n## ")[0]
            );
        var names = explained.SelectMany(m => Name().Matches(m.Groups[1].Value)).Select(m => m.Groups[1].Value).Order();
        Assert.Equal(AlertKind.All.Select(k => k.Key).Order(), names);
    }

    private static string SubjectOf(AlertKind kind) =>
        kind.Subject switch
        {
            AlertSubject.Endpoints => "80",
            AlertSubject.Backend => "80 vm2:8080",
            AlertSubject.Peer => "laptop",
            AlertSubject.Service => "haproxy",
            AlertSubject.Counter => "blocked",
            AlertSubject.Revision => "57",
            AlertSubject.Certificate => "example",
            _ => "",
        };

    private static List<string> ShownOnThePage(GatewayState state)
    {
        var troubles = new Troubles(state, null);
        var exposure = new Exposure(Text.Parse<PublicPort>("80"), [Text.Parse<VmEndpoint>("vm2:8080")], 1, ExposureOptions.None);
        string?[] things =
        [
            troubles.Of(exposure, [Engine.Haproxy]),
            troubles.Of(Given.Vm("vm2")),
            troubles.Of(Text.Parse<Name<Peer>>("laptop")),
        ];
        return [.. troubles.OfGateway(), .. things.OfType<string>()];
    }

    [GeneratedRegex(@"^\| ((?:`\w+`(?:, )?)+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex Name();
}
