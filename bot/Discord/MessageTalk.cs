using ChatOps.Bot.Configuration;
using ChatOps.Bot.Discord.Cards;
using ChatOps.Discord;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Discord;

/// <summary>Takes lines that mention the bot: <c>@ChatOps expose vm2:8080 on 80</c>.</summary>
internal sealed partial class MessageTalk(DiscordSettings settings, Lines lines, CardBoard board, DirectMessages direct, DiscordRest rest, ILogger<MessageTalk> log)
{
    private const string InVain = "the answer is for you alone, and you take no direct messages from this server. Next: the same line with /gw";

    /// <summary>Handles a message, when it is a line for the bot: from a person, in this server, in one of the channels, with the bot's name in it.</summary>
    public async Task HandleAsync(Message message, Snowflake bot, CancellationToken cancel)
    {
        if (message.Guild != settings.Guild || !message.IsTypedByPerson || !board.TakesCommands(message.Channel) || LineOf(message, bot) is not { } line || !lines.IsNew(message.Id))
            return;
        var said = await lines.SayAsync(message.Id, settings.SpeakerOf(message.Author!), line, null, cancel);
        var told = true;
        if (said is { IsForAll: true, Answer: { } answer })
            told = await ReplyAsync(message, Look.Answer(answer, isEphemeral: false), cancel);
        else if (said is { IsRefused: true, Answer: { } refusal })
            told = await direct.SendAsync(message.Author!.Id, Look.Answer(refusal, isEphemeral: false), cancel);
        foreach (var file in said.Files)
            told &= await direct.SendAsync(message.Author!.Id, file.Message, cancel);
        if (!told)
            await ReplyAsync(message, Look.Note(said.Files is [var first, ..] ? $"{InVain} {Markdown.Prose(first.Again)}" : InVain), cancel);
    }

    private async Task<bool> ReplyAsync(Message message, MessagePayload reply, CancellationToken cancel)
    {
        var result = await rest.PostAsync(message.Channel, reply with { ReplyTo = message.Id }, cancel);
        if (result.Error is { } error)
            Unanswered(error.Sentence);
        return result.Error is null;
    }

    // An answer to a message of the bot's mentions it too, without its name in the text: that is talk among people.
    private static string? LineOf(Message message, Snowflake bot)
    {
        foreach (var name in new[] { $"<@{bot}>", $"<@!{bot}>" })
        {
            if (message.Content.Contains(name, StringComparison.Ordinal))
                return message.Content.Replace(name, " ", StringComparison.Ordinal).Trim().Trim('`').Trim();
        }

        return null;
    }

    [LoggerMessage(1, LogLevel.Warning, "a question on Discord has no answer: {Problem}")]
    private partial void Unanswered(string problem);
}
