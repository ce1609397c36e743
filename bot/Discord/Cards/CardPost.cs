using System.Collections.Concurrent;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Configuration;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Values;
using ChatOps.Discord;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Discord.Cards;

internal enum Shown
{
    /// <summary>It is there, or never can be.</summary>
    Done,

    /// <summary>Discord does not answer: to be tried again.</summary>
    Later,

    /// <summary>Discord will not have it there: to be tried again when that may have changed.</summary>
    Refused,
}

/// <summary>Sends cards: posts the first time, edits later, and posts again what somebody has deleted.</summary>
internal sealed partial class CardPost(
    DiscordSettings settings,
    DiscordRest rest,
    CardPositions places,
    AlertThreads incidents,
    Ledger ledger,
    ILogger<CardPost> log
)
{
    private const string Next = "Next: give the bot View Channel, Send Messages, Embed Links and Attach Files there; it is shown then";

    private readonly ConcurrentDictionary<string, bool> _said = new(StringComparer.Ordinal);

    /// <summary>Why changes cannot be seen in their channel; null when they can.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Everything is shown: what is refused from now on is said anew.</summary>
    public void BeginAnew() => _said.Clear();

    public async Task<Shown> SendAsync(ChatMessage message, CardKey about, CancellationToken cancel)
    {
        // What there is to look at of an alert goes into its thread.
        var payload = MessageFormatter.Card(about is CardKey.OfAlert ? message with { Diff = null } : message);
        var (place, print) = (places.Find(message.Key), CardPositions.PrintOf(payload));
        if (place?.Print == print)
            return Shown.Done;
        var result = place is null ? null : await rest.EditAsync(place.Channel, place.Message, payload, cancel);
        if (result is null or { Error.Kind: Refusing.Gone })
            result = await rest.PostAsync(
                await ChannelOfAsync(about, cancel),
                payload with
                {
                    Nonce = CardPositions.Nonce($"{message.Key} {place?.Message}"),
                },
                cancel
            );
        if (result.Error is { } error)
            return error.Kind == Refusing.Unavailable ? Shown.Later : await GiveUpAsync(message.Key, about, error, cancel);
        Trouble = about is CardKey.OfChange ? null : Trouble;
        var sent = ((RestResult<Message>.Done)result).Value;
        if (about is CardKey.OfAlert alert && !await incidents.TellAsync(alert, message, sent, isNew: place?.Message != sent.Id, cancel))
            return Shown.Later;
        places.Put(message.Key, new(sent.Channel, sent.Id, print));
        return Shown.Done;
    }

    // What nobody asked for is a notice: an alert, and a change that happens by itself.
    private async Task<Snowflake> ChannelOfAsync(CardKey about, CancellationToken cancel) =>
        settings.Notices is not { } notices ? settings.Home
        : about is not CardKey.OfChange change ? notices
        : (await ledger.LoadAsync(change.Gateway, cancel)).Changes.TryGetValue(change.Number, out var found)
        && found.By.IsSameAs(Actor.Reconcile)
            ? notices
        : settings.Home;

    // A permission is missing or the channel is gone, and either may come back; or the message is wrong, and stays so.
    private async Task<Shown> GiveUpAsync(string key, CardKey about, RestError error, CancellationToken cancel)
    {
        var shown = error.Kind is Refusing.Forbidden or Refusing.Gone ? Shown.Refused : Shown.Done;
        var channel = await ChannelOfAsync(about, cancel);
        var sentence = $"{key} cannot be shown in <#{channel}>: {error.Sentence}. {Next}";
        if (about is CardKey.OfChange)
            Trouble = $"Its card cannot be shown in <#{channel}>: the bot lacks a permission there, or the channel is gone.";
        if (!_said.TryAdd($"{channel} {error.Status} {error.Code}", true))
            return shown;
        NotShown(sentence);
        if (settings.Notices is { } notices && notices != channel)
            await rest.PostAsync(
                notices,
                MessageFormatter.Note(
                    $"{Markdown.Prose(key)} cannot be shown in <#{channel}>: {Markdown.Prose(error.Sentence)}. {Markdown.Prose(Next)}"
                ),
                cancel
            );
        return shown;
    }

    [LoggerMessage(1, LogLevel.Warning, "{Sentence}")]
    private partial void NotShown(string sentence);
}
