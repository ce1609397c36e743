using ChatOps.Bot.Chat;
using ChatOps.Discord;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Discord.Cards;

/// <summary>
/// The story of an alert, in a thread at its message: what there is to look at, how it went on, and its end, which closes the thread.
/// People talk about it there, and say lines.
/// </summary>
internal sealed partial class AlertThreads(DiscordRest rest, CardPositions places, ILogger<AlertThreads> log)
{
    private const int LongestName = 100;

    /// <summary>Goes on with the story; false when Discord does not answer, and it is to be tried again.</summary>
    /// <param name="isNew">True when that was just posted.</param>
    public async Task<bool> TellAsync(CardKey.OfAlert alert, ChatMessage message, Message card, bool isNew, CancellationToken cancel)
    {
        var isOver = message.Tone == Tone.Good;
        if (isNew && isOver)
            return true;
        var started = await rest.StartThreadAsync(card.Channel, card.Id, NameOf(alert), cancel);
        if (started.Error is { } error)
            return Judge(error);
        var thread = ((RestResult<Channel>.Done)started).Value.Id;
        places.PutThread(thread, message.Key);
        var told = MessageFormatter.Answer(
            isNew ? message with { Text = $"What comes of this is told here. Lines are taken here too.\n{message.Text}" } : message,
            isEphemeral: false
        );
        var posted = await rest.PostAsync(
            thread,
            told with
            {
                Nonce = CardPositions.Nonce($"{thread} {CardPositions.PrintOf(told)}"),
            },
            cancel
        );
        if (posted.Error is { } failed)
            return Judge(failed);
        return !isOver || (await rest.CloseThreadAsync(thread, cancel)).Error is not { } unclosed || Judge(unclosed);
    }

    private bool Judge(RestError error)
    {
        if (error.Kind == Refusing.Unavailable)
            return false;
        NoThread(error.Sentence);
        return true;
    }

    private static string NameOf(CardKey.OfAlert alert) =>
        $"{alert.Gateway} · {alert.About}" is var name && name.Length > LongestName ? name[..LongestName] : name;

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "the thread of an alert on Discord: {Problem}. Next: give the bot Create Public Threads and Send Messages in Threads there"
    )]
    private partial void NoThread(string problem);
}
