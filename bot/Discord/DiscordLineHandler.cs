using System.Collections.Concurrent;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Discord.Cards;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Language.Commands;
using ChatOps.Discord;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Discord;

/// <summary>
/// Says lines in the conversation, each once: Discord may deliver the same thing twice. The id of what was delivered is the id of the line,
/// and so of its events; what this process has not seen but the log has, was done before a restart.
/// </summary>
internal sealed partial class DiscordLineHandler(
    Conversation.Conversation conversation,
    Ledger ledger,
    long largestFile,
    ILogger<DiscordLineHandler> log
)
{
    private const int CacheSize = 10_000;

    private readonly ConcurrentDictionary<Snowflake, bool> _seen = new();
    private readonly ConcurrentQueue<Snowflake> _order = new();

    /// <summary>True the first time.</summary>
    public bool IsNew(Snowflake id)
    {
        if (!_seen.TryAdd(id, true))
            return false;
        _order.Enqueue(id);
        if (_order.Count > CacheSize && _order.TryDequeue(out var oldest))
            _seen.TryRemove(oldest, out _);
        return true;
    }

    /// <summary>
    /// True for a line whose answer everybody in the channel sees: a question, or what is done with the log itself, which changes no
    /// gateway, so that no card shows it; by somebody who may, and where the answer is no file. That hangs on the line alone, since Discord
    /// wants to know before there is an answer.
    /// </summary>
    public bool IsForAll(Speaker speaker, string text) =>
        Parser.Parse(text)
            is ParseResult.Understood { Command: ((Query and not Export) or VerifyLog or ChangeLogKey or Forget) and var command }
        && conversation.WhyNot(speaker, command) is null;

    /// <summary>Says a line. It never throws but when it is cancelled: somebody waits for an answer.</summary>
    /// <param name="progress">Shows the speaker how far it is; null where nobody looks meanwhile.</param>
    public Task<DiscordAnswer> SayAsync(
        Snowflake id,
        Speaker speaker,
        string text,
        Action<ChatMessage>? progress,
        CancellationToken cancel
    ) =>
        // The log may read and write before the first wait.
        Task.Run(() => HandleAsync($"discord:{id}", speaker, text, progress, cancel), cancel);

    private async Task<DiscordAnswer> HandleAsync(
        string id,
        Speaker speaker,
        string text,
        Action<ChatMessage>? progress,
        CancellationToken cancel
    )
    {
        var (answers, files) = (new List<ChatMessage>(), new List<GivenFile>());
        var parsed = Parser.Parse(text);
        try
        {
            if (parsed is not ParseResult.Understood { Command: Query } && await ledger.KnowsAsync(id, cancel))
                return new(Told("this was done already; its card says what became of it.", Tone.Plain), false, false, []);
            var line = new ChatLine(
                id,
                speaker,
                text,
                f => files.Add(new(MessageFormatter.Private(f), f.Again)),
                answers.Add,
                HandAsync,
                progress
            );
            await conversation.HandleAsync(line, cancel);
            if (parsed is ParseResult.Ignored)
                answers.Add(Told("that is a remark; nothing was done.", Tone.Plain));
            return new(
                Merged(answers),
                IsForAll(speaker, text),
                parsed is ParseResult.Understood { Command: Query or LogCommand },
                [.. files]
            );
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            NotHandled(speaker.Actor.Name, e.Message, e);
            return new(
                Told($"this could not be done: {e.Message}\nNext: pending, to see whether it was taken", Tone.Bad),
                false,
                false,
                [.. files]
            );
        }

        async Task<string> HandAsync(AnswerFile file, CancellationToken cancelled)
        {
            if (file.Size > largestFile)
                return $"{Sizes.Of(file.Size)} are too much for Discord: it lies on the bot's machine, {file.Path}";
            files.Add(new(MessageFormatter.File(file.Name, await File.ReadAllBytesAsync(file.Path, cancelled)), text));
            File.Delete(file.Path);
            return $"a file for {speaker.Actor.Name} alone";
        }
    }

    private static ChatMessage? Merged(List<ChatMessage> answers) =>
        answers.Count == 0
            ? null
            : answers[^1] with
            {
                Text = string.Join('\n', answers.Select(a => a.Text)),
                Diff = answers.Select(a => a.Diff).FirstOrDefault(d => d is not null),
            };

    private static ChatMessage Told(string text, Tone tone) => new("answer:", null, text, null, [], tone);

    [LoggerMessage(1, LogLevel.Error, "handling a line of {Speaker} on Discord: {Problem}")]
    private partial void NotHandled(string speaker, string problem, Exception why);
}
