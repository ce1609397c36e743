using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Local;
using ChatOps.Bot.Web.Entry;
using ChatOps.Core.Audit;
using ChatOps.Core.Policy;
using ChatOps.Hosting;
using Microsoft.AspNetCore.Http;

namespace ChatOps.Bot.Web;

/// <summary>
/// The room as server-sent events (WHATWG HTML, section 9.2): first an event <c>you</c>, then each message that is there, then each post and
/// edit as it comes. In between an event <c>changed</c> says how far log and board have come: whoever shows something of them looks again. After
/// a lost connection the client gets it all again and knows messages by their keys.
/// </summary>
/// <param name="core">The room, and what is hidden from whom: the room is one, and not everybody may see all of it.</param>
/// <param name="stopping">Ends all streams, so that the program need not wait for browsers when it stops.</param>
internal sealed class RoomStream(ConversationCore core, CancellationToken stopping)
{
    // Two numbers are looked at that often, and at most so often a page looks again; nothing else is done meanwhile.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);

    // Ticks without a word, so that proxies and both ends notice a dead connection.
    private const int Heartbeat = 75;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    // Tells a page that it outlived the program: what it shows may be of a room that is no more.
    private readonly Guid _id = Guid.NewGuid();

    /// <summary>Answers with the stream, until the client goes, the session ends or the program stops.</summary>
    public async Task SendAsync(HttpContext context, Session session)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping, session.Ended);
        context.Response.ContentType = "text/event-stream";

        // A reverse proxy that collects answers before it passes them on (nginx does) is not to do it with this one.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            var you = new YouJson(_id, session.User.Actor.Name, [.. session.User.Roles.Select(r => r.Name())], ProgramVersion.Current);
            await WriteAsync(context.Response, $"retry: 1000\nevent: you\ndata: {JsonSerializer.Serialize(you, Options)}\n\n", end.Token);
            await SendEntriesAsync(context.Response, session.User, end);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // This is how a stream ends.
        }
    }

    private async Task SendEntriesAsync(HttpResponse response, Speaker reader, CancellationTokenSource end)
    {
        using var timer = new PeriodicTimer(Tick);
        await using var entries = core.Room.FollowAsync(end.Token).GetAsyncEnumerator(end.Token);
        var (next, tick) = (entries.MoveNextAsync().AsTask(), timer.WaitForNextTickAsync(end.Token).AsTask());
        var (told, silent) = (default((long Log, long Board)?), 0);
        try
        {
            while (true)
            {
                if (await Task.WhenAny(next, tick) == tick)
                {
                    await tick;
                    var now = (core.ShownUpTo, core.Board.Heard);
                    var frame = now != told ? $"event: changed\ndata: {JsonSerializer.Serialize(new ChangedJson(now.ShownUpTo, now.Heard), Options)}\n\n" : ":\n\n";
                    if (now != told || ++silent >= Heartbeat)
                    {
                        await WriteAsync(response, frame, end.Token);
                        (told, silent) = (now, 0);
                    }

                    tick = timer.WaitForNextTickAsync(end.Token).AsTask();
                }
                else if (await next)
                {
                    if (entries.Current.Message.For is not { } only || only.IsSameAs(reader.Actor))
                    {
                        var entry = EntryJson.Of(entries.Current, await core.HiddenFromAsync(reader, end.Token));
                        await WriteAsync(response, $"data: {JsonSerializer.Serialize(entry, Options)}\n\n", end.Token);
                    }

                    next = entries.MoveNextAsync().AsTask();
                }
                else
                {
                    return;
                }
            }
        }
        finally
        {
            // An enumerator may only be disposed between its steps.
            await end.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task WriteAsync(HttpResponse response, string frame, CancellationToken cancel)
    {
        await response.WriteAsync(frame, cancel);
        await response.Body.FlushAsync(cancel);
    }

    private sealed record ChangedJson(long Log, long Board);

    private sealed record YouJson(Guid Room, string Name, ImmutableArray<string> Roles, string Version);

    private sealed record EntryJson(
        long Sequence,
        DateTimeOffset At,
        string Key,
        string? Author,
        string Text,
        string? Diff,
        ImmutableArray<ChatButton> Buttons,
        Tone Tone,
        string? File,
        string? Download
    )
    {
        public static EntryJson Of(RoomEntry entry, Redaction hidden)
        {
            var (message, diff) = (entry.Message, entry.Message.Diff is { } text ? hidden.Hide(text) : null);
            return new(entry.Sequence, entry.At, message.Key, message.Author, hidden.Hide(message.Text), diff, message.Buttons, message.Tone, message.File, message.Download);
        }
    }
}
