using System.Collections.Concurrent;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Discord.Cards;
using ChatOps.Bot.Discord.Commands;
using ChatOps.Discord;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Discord;

/// <summary>Takes lines that mention the bot: <c>@ChatOps expose vm2:8080 on 80</c>.</summary>
internal sealed partial class MessageHandler(
    DiscordSettings settings,
    DiscordLineHandler lines,
    CardBoard board,
    DirectMessages direct,
    DiscordRest rest,
    ILogger<MessageHandler> log
)
{
    // Which other places that somebody has mentioned the bot in are threads of ours.
    private readonly ConcurrentDictionary<Snowflake, bool> _threads = new();

    private readonly ConcurrentDictionary<(Snowflake Message, string At), bool> _edited = new();

    private const int CacheSize = 1_000;

    private const string InVain =
        "the answer is for you alone, and you take no direct messages from this server. Next: the same line with /gw";

    /// <summary>
    /// Handles a message, when it is a line for the bot: from a person, in this server, in one of the channels, with the bot's name in it.
    /// </summary>
    /// <param name="role">The bot's own role, which is offered beside it when somebody types its name; null while it is not known.</param>
    public async Task HandleAsync(Message message, Snowflake bot, Snowflake? role, CancellationToken cancel)
    {
        if (message.Guild != settings.Guild || !message.IsTypedByPerson)
            return;
        if (LineOf(message, bot) is not { } line)
        {
            // What was typed cannot be read: Discord shows the text to whoever is mentioned.
            if (
                role is { } own
                && message.MentionRoles.Contains(own)
                && await IsHereAsync(message.Channel, cancel)
                && lines.IsNew(message.Id)
            )
                await ReplyAsync(
                    message,
                    MessageFormatter.Note(
                        $"That is my role: what mentions it I cannot read. Next: the same line with <@{bot}>, or with /{SlashCommands.WholeLine}"
                    ),
                    cancel
                );
            return;
        }

        if (!await IsHereAsync(message.Channel, cancel) || !lines.IsNew(message.Id))
            return;
        var said = await lines.SayAsync(message.Id, settings.SpeakerOf(message.Author!), line.Length == 0 ? "help" : line, null, cancel);
        var told = true;
        if (said is { Answer: { } answer } && (said.IsForAll || said is { IsAnswer: true, IsRefused: false }))
            told = await ReplyAsync(message, MessageFormatter.Answer(answer, isEphemeral: false), cancel);
        else if (said is { IsRefused: true, Answer: { } refusal })
            told = await direct.SendAsync(message.Author!.Id, MessageFormatter.Answer(refusal, isEphemeral: false), cancel);
        foreach (var file in said.Files)
            told &= await direct.SendAsync(message.Author!.Id, file.Message, cancel);
        if (!told)
            await ReplyAsync(
                message,
                MessageFormatter.Note(said.Files is [var first, ..] ? $"{InVain} {Markdown.Prose(first.Again)}" : InVain),
                cancel
            );
    }

    /// <summary>
    /// Says of a line for the bot that was edited that it is not taken: what others have read and answered was another one.
    /// </summary>
    public async Task HandleEditedAsync(Message message, string at, Snowflake bot, CancellationToken cancel)
    {
        if (
            message.Guild != settings.Guild
            || !message.IsTypedByPerson
            || LineOf(message, bot) is null
            || !await IsHereAsync(message.Channel, cancel)
        )
            return;
        // An edit is told again when a picture of a link is ready, and after a pause of the connection.
        if (_edited.Count > CacheSize)
            _edited.Clear();
        if (_edited.TryAdd((message.Id, at), true))
            await ReplyAsync(
                message,
                MessageFormatter.Note(
                    $"An edited line is not taken: what others have read may have been another one. Next: send it anew, or with /{SlashCommands.WholeLine}"
                ),
                cancel
            );
    }

    // A thread in one of the channels is a part of it. In which one it is, a message does not say.
    private async Task<bool> IsHereAsync(Snowflake channel, CancellationToken cancel)
    {
        if (board.TakesCommands(channel))
            return true;
        if (_threads.TryGetValue(channel, out var isBelow))
            return isBelow;
        var found = await rest.ChannelAsync(channel, cancel);
        return found.Error is null
            && (_threads[channel] = found.ValueOrDefault is { IsThread: true, Parent: { } parent } && board.TakesCommands(parent));
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
