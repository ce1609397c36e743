using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using ChatOps.Bot.Discord.Commands;
using ChatOps.Core.Language.Commands;
using ChatOps.Discord;

namespace ChatOps.Specs.Discord;

/// <summary>The catalogue as slash commands, and back to lines.</summary>
public sealed class SlashCommandSpecs
{
    [Fact]
    public void The_commands_are_made_from_the_catalogue()
    {
        var json = JsonElement.Parse(CommandWriter.Write(SlashCommands.Of(Catalogue.All)));
        Snapshot.Match("slash-commands.json", JsonSerializer.Serialize(json, Transcript.Options) + "\n");
    }

    [Fact]
    public void Discord_would_take_all_of_them()
    {
        var commands = SlashCommands.Of(Catalogue.All);
        Assert.InRange(commands.Length, 1, 100);
        Assert.Equal(commands.Length, commands.Select(c => c.Name).Distinct().Count());
        Assert.All(commands, c => Assert.InRange(c.Description.Length, 1, 100));
        Assert.All(commands, c => Check(c.Options));
        Assert.All(commands, c =>
            Assert.InRange(
                Encoding.UTF8.GetByteCount(c.Name + c.Description) + c.Options.Sum(o => o.Name.Length + o.Description.Length),
                1,
                8000
            )
        );
    }

    [Theory]
    [InlineData("expose vm2:8080 on 80", "expose", "vm=vm2", "port=8080", "on=80")]
    [InlineData("expose vm2:7000,vm3:7000 on 7000 balanced", "expose", "vm=vm2:7000,vm3:7000", "on=7000", "balanced=true")]
    [InlineData(
        "expose vm2:5353 on 53 udp because \"resolver for the office\"",
        "expose",
        "because=resolver for the office",
        "udp=true",
        "balanced=false",
        "on=53",
        "vm=vm2",
        "port=5353"
    )]
    [InlineData("expose vm2 as sftp on 2222", "expose", "vm=vm2", "as=sftp", "on=2222")]
    [InlineData("vm add vm2 400::100:0:0:2", "vm add", "vm=vm2", "addresses=400::100:0:0:2")]
    [InlineData("allow vm1 out", "allow", "vm=vm1")]
    [InlineData("allow 198.51.100.0/24 to 22", "allow", "from=198.51.100.0/24", "to=22")]
    [InlineData("rollback to 7", "rollback", "to=7")]
    [InlineData("remove \"block 203.0.113.66\"", "remove", "rule=block 203.0.113.66")]
    [InlineData("plan \"expose vm2:8080 on 80\"", "plan", "command=expose vm2:8080 on 80")]
    [InlineData(
        "plan 'expose vm2:8080 on 80 because \"it is asked for\"'",
        "plan",
        "command=expose vm2:8080 on 80 because \"it is asked for\""
    )]
    [InlineData("help \"vm add\"", "help", "topic=vm add")]
    [InlineData("status", "status")]
    [InlineData("audit 80 by \"olga o'neil\" since 2d", "audit", "conditions=80 by \"olga o'neil\" since 2d")]
    [InlineData("audit verify", "audit-verify")]
    [InlineData("at 2026-11-01 14:00 status", "at", "question=status", "time=2026-11-01 14:00")]
    [InlineData("at last week list vm2", "at", "time=last week", "question=list vm2")]
    [InlineData("snat vm1 from 203.0.113.12-203.0.113.13:30000-40000", "snat", "vm=vm1", "from=203.0.113.12-203.0.113.13:30000-40000")]
    public void What_was_given_becomes_a_line_that_means_the_same(string line, string command, params string[] given)
    {
        Assert.Equal(line, SlashCommands.LineOf(command, [.. given.Select(Option)]));
        Assert.IsType<ParseResult.Understood>(Parser.Parse(line));
    }

    [Theory]
    [InlineData("expose", "vm=vm2", "port=80 on 81 because x", "on=80")]
    [InlineData("expose", "vm=vm2:80 on 22 for 1h because", "on=80")]
    [InlineData("approve", "change=12 plan")]
    [InlineData("withdraw", "change=12\" because \"x")]
    [InlineData("expose", "vm=vm2", "as=sftp", "udp=true")]
    [InlineData("expose", "vm=vm2", "port=80")]
    [InlineData("unexpose", "endpoints=80", "until=tomorrow")]
    public void What_does_not_belong_there_is_refused_and_never_dropped(string command, params string[] given) =>
        Assert.IsType<ParseResult.NotUnderstood>(Parser.Parse(SlashCommands.LineOf(command, [.. given.Select(Option)])));

    [Fact]
    public void A_whole_line_is_said_as_it_is() =>
        Assert.Equal("expsoe vm2:8080 on 80", SlashCommands.LineOf("gw", [Option("line=expsoe vm2:8080 on 80")]));

    [Theory]
    [InlineData("it's \"quoted\"")]
    [InlineData("plain")]
    [InlineData("all of them: \" ' ”")]
    [InlineData("because at plan on udp")]
    [InlineData("\"")]
    public void A_reason_is_one_word_of_the_line_whatever_is_in_it(string reason)
    {
        var understood = Assert.IsType<ParseResult.Understood>(Parser.Parse($"deny gw1#12 because {Quote.Around(reason)}"));
        Assert.Equal(reason.Replace('"', reason.Contains('”') ? '”' : '"'), Assert.IsType<Deny>(understood.Command).Reason);
    }

    [Fact]
    public void Suggestions_are_what_the_log_knows()
    {
        var given = Given
            .AGateway()
            .Applied("expose vm2:8080 on 80")
            .Applied("peer add laptop 5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=")
            .When(Given.Operator, "expose vm3:53 on 53 udp");
        var suggestions = new ChatOps.Bot.Discord.Commands.Suggestions([given.State]);
        Assert.Equal(["vm1", "vm2", "vm3"], suggestions.For("expose", "vm", "").AsEnumerable());
        Assert.Equal(["vm2"], suggestions.For("expose", "vm", "2").AsEnumerable());
        Assert.Empty(suggestions.For("vm add", "vm", "v"));
        Assert.Equal(["80"], suggestions.For("unexpose", "endpoints", "8").AsEnumerable());
        Assert.Equal(["gw1#3"], suggestions.For("approve", "change", "").AsEnumerable());
        Assert.Equal(["gw1#2", "gw1#1"], suggestions.For("undo", "change", "gw1").AsEnumerable());
        Assert.Equal(["laptop"], suggestions.For("peer rotate", "peer", "LAP").AsEnumerable());
        Assert.Equal(["gw1"], suggestions.For("status", "at", "").AsEnumerable());
    }

    [Fact]
    public void A_whole_line_is_suggested_word_by_word()
    {
        var given = Given.AGateway().Applied("expose vm2:8080 on 80").When(Given.Operator, "expose vm3:53 on 53 udp");
        var suggestions = new ChatOps.Bot.Discord.Commands.Suggestions([given.State]);
        Assert.Equal("approve", suggestions.For("gw", "line", "appr")[0]);
        Assert.Equal(["approve gw1#2"], suggestions.For("gw", "line", "approve ").AsEnumerable());
        Assert.Equal(["unexpose 80"], suggestions.For("gw", "line", "unexpose 8").AsEnumerable());
        Assert.Equal(["expose vm2"], suggestions.For("gw", "line", "expose vm2").AsEnumerable());
        Assert.Equal(["vm remove vm1", "vm remove vm2", "vm remove vm3"], suggestions.For("gw", "line", "vm remove ").AsEnumerable());
        Assert.Equal(["unexpose 80 at gw1"], suggestions.For("gw", "line", "unexpose 80 at ").AsEnumerable());
        Assert.Equal(Catalogue.All.Select(s => s.Name).Distinct().Take(25), suggestions.For("gw", "line", "").AsEnumerable());
        Assert.All(suggestions.For("gw", "line", "e"), s => Assert.InRange(s.Length, 1, 100));
    }

    private static void Check(ImmutableArray<CommandOption> options)
    {
        Assert.InRange(options.Length, 0, 25);
        Assert.Equal(options.OrderByDescending(o => o.IsRequired), options);
        Assert.Equal(options.Length, options.Select(o => o.Name).Distinct().Count());
        foreach (var option in options)
        {
            Assert.Matches("^[-_a-z0-9]{1,32}$", option.Name);
            Assert.InRange(option.Description.Length, 1, 100);
            Assert.False(option.HasAutocomplete && !option.Choices.IsEmpty);
            Check(option.Options);
        }
    }

    private static OptionValue Option(string text) => new(text[..text.IndexOf('=')], text[(text.IndexOf('=') + 1)..], false);
}
