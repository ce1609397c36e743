using ChatOps.Bot.Chat;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Decisions;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Conversation;

/// <summary>Makes announcers: one for the room, and one for each surface that has to catch up with it.</summary>
public sealed class Announcers(IEventLog log, ChangeCard card, AlertCard alerts, Previews previews, Plans plans, ILogger<Announcer> logger)
{
    /// <summary>One that shows the log in a room.</summary>
    /// <param name="room">Where it is shown.</param>
    /// <param name="onForgotten">Called when the log says that somebody is to be forgotten; null where nobody else need know.</param>
    public Announcer To(IChatRoom room, Action? onForgotten = null) => new(log, card, alerts, previews, plans, room, logger, onForgotten);

    /// <summary>Shows a surface what has happened after one position in the log, up to another.</summary>
    public async Task CatchUpAsync(IChatRoom surface, long after, long upTo, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var announcer = To(surface);
        var running = announcer.RunAsync(FoldedLog.Empty, after, over.Token);
        try
        {
            await announcer.ReachedAsync(upTo, cancel);
        }
        finally
        {
            await over.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
