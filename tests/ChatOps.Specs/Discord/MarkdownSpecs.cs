using ChatOps.Bot.Chat;
using ChatOps.Bot.Discord.Cards;
using ChatOps.Discord;

namespace ChatOps.Specs.Discord;

/// <summary>Nothing that people type gets out of where it is put, and nothing is too long.</summary>
public sealed class MarkdownSpecs
{
    [Theory]
    [InlineData("**bold** _it_ ~~no~~ ||secret||", "\\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~ \\|\\|secret\\|\\|")]
    [InlineData("`code` and ```block```", "\\`code\\` and \\`\\`\\`block\\`\\`\\`")]
    [InlineData("<@1> <#2> <@&3> <t:1:R>", "\\<@\u200b1> \\<#2> \\<@\u200b&3> \\<t:1:R>")]
    [InlineData("@everyone @here", "@\u200beveryone @\u200bhere")]
    [InlineData("[click](http://evil.example.com)", "[click]\\(http://evil.example.com)")]
    [InlineData("http://[2001:db8::10]", "http://[2001:db8::10]")]
    [InlineData("# big\n> quote\n- item\n  + item\n1. one\n-# small", "\\# big\n\\> quote\n\\- item\n  \\+ item\n1\\. one\n\\-# small")]
    [InlineData("#12 · tcp 80 -> vm2:8080", "#12 · tcp 80 -> vm2:8080")]
    [InlineData("a\\*b", "a\\\\\\*b")]
    public void Prose_looks_as_it_was_typed(string typed, string escaped) => Assert.Equal(escaped, Markdown.Prose(typed));

    [Theory]
    [InlineData("``` out")]
    [InlineData("a````b")]
    [InlineData("`````````")]
    [InlineData("ends with `")]
    public void Nothing_gets_out_of_a_block(string text)
    {
        var block = Markdown.Block(text, "diff");
        Assert.StartsWith("```diff\n", block);
        Assert.EndsWith("\n```", block);
        Assert.DoesNotContain("``", block["```diff\n".Length..^"\n```".Length]);
    }

    [Fact]
    public void What_has_no_room_goes_along_as_a_file()
    {
        var text = $"#1 · head\n{string.Join('\n', Enumerable.Range(0, 400).Select(i => $"  line {i} with *stars*"))}";
        var card = MessageFormatter.Card(
            Message("gw1#1", text, diff: string.Join('\n', Enumerable.Range(0, 300).Select(i => $"+line {i}")))
        );
        Assert.InRange(card.Embeds[0].Description!.Length, 1, Embed.MaxDescription);
        Assert.EndsWith("... the whole text is in the file", card.Embeds[0].Description);
        Assert.Equal(["gw1_1.txt", "gw1_1.diff"], card.Files.Select(f => f.SafeName));
        var answer = MessageFormatter.Answer(Message("answer:1", text), isEphemeral: false);
        Assert.InRange(answer.Embeds[0].Description!.Length, 1, Embed.MaxDescription);
        Assert.Equal(["answer.txt"], answer.Files.Select(f => f.SafeName));
    }

    [Fact]
    public void A_heading_that_is_too_long_is_an_ordinary_line()
    {
        var card = MessageFormatter.Card(Message("gw1#1", new string('*', 300) + "\nshow 1"));
        Assert.Null(card.Embeds[0].Title);
        Assert.EndsWith("\nshow 1", card.Embeds[0].Description);
    }

    [Fact]
    public void A_single_line_of_any_length_fits()
    {
        var card = MessageFormatter.Card(Message("gw1#1", $"#1\n{new string('_', 9000)}"));
        Assert.InRange(card.Embeds[0].Description!.Length, 1, Embed.MaxDescription);
        Assert.Single(card.Files);
    }

    [Theory]
    [InlineData("*", 20)]
    [InlineData("`", 300)]
    [InlineData("wide ", 900)]
    [InlineData("x\n", 1900)]
    [InlineData("@<", 10_000)]
    public void A_message_of_any_text_is_within_discords_limits(string what, int times)
    {
        var text = string.Concat(Enumerable.Repeat(what, times));
        foreach (
            var message in new[]
            {
                Message("gw1#1", text, text),
                Message("answer:1", text, text),
                Message("answer:1", $"head\n{text}", "+1"),
                Message("gw1#1", $"{text}\n{text}", "+1"),
            }
        )
        {
            foreach (var payload in new[] { MessageFormatter.Card(message), MessageFormatter.Answer(message, isEphemeral: false) })
            {
                Assert.All(payload.Embeds, e => Assert.InRange(e.Description?.Length ?? 0, 0, Embed.MaxDescription));
                Assert.All(payload.Embeds, e => Assert.InRange(e.Title?.Length ?? 0, 0, 256));
                Assert.InRange(
                    payload.Embeds.Sum(e => (e.Description?.Length ?? 0) + (e.Title?.Length ?? 0)),
                    1,
                    MessagePayload.MaxInEmbeds
                );
            }
        }
    }

    [Fact]
    public void A_buttons_line_survives_on_the_button()
    {
        var name = new string('g', 32);
        foreach (
            var button in new[]
            {
                new ChatButton("Approve", $"approve {name}#1234567890 plan {new string('a', 64)}"),
                new("Deny", $"deny {name}#1234567890 because", true),
                new("Withdraw", "withdraw gw1#1"),
            }
        )
        {
            var id = ButtonId.Of(button)!;
            Assert.InRange(id.Length, 1, 100);
            Assert.Equal(button with { Label = "" }, ButtonId.Read(id));
        }

        Assert.Null(ButtonId.Of(new("x", new string('x', 100))));
        Assert.Null(ButtonId.Read("yes gw1#1 ***"));
        Assert.Null(ButtonId.Read("something else"));
    }

    private static ChatMessage Message(string key, string text, string? diff = null) => new(key, null, text, diff, [], Tone.Plain);
}
