using ChatOps.Bot.Chat;
using ChatOps.Bot.Configuration;
using ChatOps.Discord;
using ChatOps.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Discord.Cards;

/// <summary>
/// Shows the room's changes and alerts on Discord, each as one message that is edited. While a message is on its way only the newest of
/// what comes after it is kept; while Discord does not answer it waits. Nothing is lost: what is not shown is shown later.
/// </summary>
internal sealed partial class CardBoard(
    DiscordSettings settings,
    CardPost post,
    CardPositions places,
    TimeProvider clock,
    ILogger<CardBoard> log,
    CancellationToken stopping
) : IChatRoom
{
    // The steps of an apply follow each other within milliseconds, and Discord takes about one edit a second.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly BackOff Unanswered = new(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1));
    private static readonly BackOff Refused = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(30));

    private readonly Lock _lock = new();

    // The newest message of each card that is being sent, or null when that is the one on its way.
    private readonly Dictionary<string, ChatMessage?> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task> _sending = new(StringComparer.Ordinal);

    // What Discord would not have where it belongs: a permission may be given, a channel come back. One is tried after a pause, and one
    // whenever another is taken.
    private readonly Dictionary<string, (ChatMessage Message, long Try)> _refused = new(StringComparer.Ordinal);
    private long _tries;
    private Task _trying = Task.CompletedTask;
    private bool _isAway;

    /// <summary>Why changes cannot be seen in their channel, for whoever made one; null when they can.</summary>
    public string? Trouble => post.Trouble;

    /// <summary>True when nothing is on its way.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
                return _waiting.Count == 0;
        }
    }

    /// <summary>True when everything is shown that ever can be.</summary>
    public bool IsShown
    {
        get
        {
            lock (_lock)
                return _waiting.Count == 0 && _refused.Count == 0;
        }
    }

    /// <summary>True for the channels where commands are taken, and for the threads of alerts.</summary>
    public bool TakesCommands(Snowflake? channel) =>
        channel is { } at && (settings.Channels.Contains(at) || at == settings.Notices || places.IsThread(at));

    public void Post(ChatMessage message)
    {
        if (CardKey.Read(message.Key) is not { } key)
            return;
        lock (_lock)
        {
            _refused.Remove(message.Key);
            var isOnItsWay = _waiting.ContainsKey(message.Key);
            _waiting[message.Key] = message;
            if (!isOnItsWay)
                _sending[message.Key] = SendAllAsync(message.Key, key);
        }
    }

    /// <summary>
    /// Completes when nothing is on its way any more; for after the board was stopped, because what was sent has to be noted.
    /// </summary>
    public async Task EndedAsync()
    {
        Task[] sending;
        lock (_lock)
            sending = [.. _sending.Values, _trying];
        await Task.WhenAll(sending);
    }

    private async Task SendAllAsync(string key, CardKey about)
    {
        // Whoever posts does not wait for the network.
        await Task.Yield();
        try
        {
            var failures = 0;
            while (Take(key) is { } message)
            {
                if (IsStep(message) && await IsOvertakenAsync(key))
                    continue;
                var shown = await post.SendAsync(message, about, stopping);
                Say(shown != Shown.Later);
                failures = shown == Shown.Later ? failures + 1 : 0;
                if (shown == Shown.Later)
                    await PutBackAsync(message, failures);
                else if (shown == Shown.Refused)
                    Keep(message);
                else
                    TryOne();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next start shows it.
        }
        catch (Exception e)
        {
            NotShown(key, e.Message);
            lock (_lock)
                Forget(key);
        }
    }

    // Unless a newer one has come meanwhile.
    private void Keep(ChatMessage message)
    {
        lock (_lock)
        {
            if (_waiting[message.Key] is not null)
                return;
            _refused[message.Key] = (message, ++_tries);
            if (_trying.IsCompleted)
                _trying = TryAgainAsync();
        }
    }

    private async Task TryAgainAsync()
    {
        await Task.Yield();
        try
        {
            for (var tries = 1; ; tries++)
            {
                await Refused.WaitAsync(tries, clock, stopping);
                if (!TryOne())
                    return;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next start shows them.
        }
    }

    private bool TryOne()
    {
        lock (_lock)
        {
            if (_refused.Count == 0)
            {
                // Besides the one that has just been taken.
                if (_waiting.Count <= 1)
                    post.BeginAnew();
                return false;
            }

            Post(_refused.Values.MinBy(r => r.Try).Message);
            return true;
        }
    }

    private ChatMessage? Take(string key)
    {
        lock (_lock)
        {
            if (_waiting[key] is { } message)
            {
                _waiting[key] = null;
                return message;
            }

            Forget(key);
            return null;
        }
    }

    private void Forget(string key)
    {
        _waiting.Remove(key);
        _sending.Remove(key);
    }

    private static bool IsStep(ChatMessage message) =>
        message.Tone == Tone.Working && !message.Text.Contains('\n', StringComparison.Ordinal);

    private async Task<bool> IsOvertakenAsync(string key)
    {
        await Task.Delay(PollInterval, clock, stopping);
        lock (_lock)
            return _waiting[key] is not null;
    }

    private async Task PutBackAsync(ChatMessage message, int failures)
    {
        lock (_lock)
            _waiting[message.Key] ??= message;
        await Unanswered.WaitAsync(failures, clock, stopping);
    }

    private void Say(bool isSent)
    {
        if (_isAway == !isSent)
            return;
        _isAway = !isSent;
        if (isSent)
            Back();
        else
            Away();
    }

    [LoggerMessage(1, LogLevel.Error, "showing {Card} on Discord: {Problem}")]
    private partial void NotShown(string card, string problem);

    [LoggerMessage(2, LogLevel.Information, "Discord answers again; what has changed meanwhile is shown there.")]
    private partial void Back();

    [LoggerMessage(3, LogLevel.Warning, "Discord does not answer: changes and alerts are shown there when it does. Everything else works.")]
    private partial void Away();
}
