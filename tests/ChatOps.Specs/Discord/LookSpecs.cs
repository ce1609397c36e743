using ChatOps.Bot.Chat;
using ChatOps.Bot.Discord.Cards;

namespace ChatOps.Specs.Discord;

/// <summary>What stands where in a message on Discord.</summary>
public sealed class LookSpecs
{
    [Fact]
    public void What_to_type_next_comes_last_after_a_diff_that_is_in_the_message()
    {
        var card = MessageFormatter.Card(
            new("gw1#1", null, "#1 · open tcp 80 -> vm2:8080\n  proposed by olga\napprove 1 · show 1", "-old\n+new", [], Tone.Waiting)
        );
        Assert.Equal("proposed by olga", card.Embeds[0].Description);
        Assert.Equal(2, card.Embeds.Length);
        Assert.EndsWith("\n```\napprove 1 · show 1", card.Embeds[1].Description, StringComparison.Ordinal);

        var answer = MessageFormatter.Answer(
            new("answer:1", null, "plan: open tcp 80\n  touches: nftables\nexpose vm2:8080 on 80", "-old\n+new", [], Tone.Plain),
            isEphemeral: false
        );
        Assert.DoesNotContain("expose vm2", answer.Embeds[0].Description, StringComparison.Ordinal);
        Assert.EndsWith("\nexpose vm2:8080 on 80", answer.Embeds[1].Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_diff_or_when_it_is_a_file_all_of_the_text_is_together()
    {
        var text = "#1 · open tcp 80 -> vm2:8080\n  proposed by olga\napprove 1 · show 1";
        Assert.Equal(
            "proposed by olga\napprove 1 · show 1",
            Assert.Single(MessageFormatter.Card(new("gw1#1", null, text, null, [], Tone.Waiting)).Embeds).Description
        );
        var diff = string.Join('\n', Enumerable.Range(0, 100).Select(i => $"+{i}"));
        Assert.Equal(
            "proposed by olga\napprove 1 · show 1",
            Assert.Single(MessageFormatter.Card(new("gw1#1", null, text, diff, [], Tone.Waiting)).Embeds).Description
        );
    }
}
