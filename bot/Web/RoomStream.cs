using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChatOps.Bot.Local;
using ChatOps.Bot.Replies;
using ChatOps.Bot.Web.Entry;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Hosting;
using Microsoft.AspNetCore.Http;

namespace ChatOps.Bot.Web;

/// <summary>
/// The room as server-sent events (WHATWG HTML, section 9.2): first an event <c>you</c>, then each message that is there, then each post
/// and edit as it comes. In between an event <c>changed</c> says how far log and board have come: whoever shows something of them looks
/// again. After a lost connection the client gets it all again and knows messages by their keys.
/// </summary>
/// <param name="core">The room, and what is hidden from whom: the room is one, and not everybody may see all of it.</param>
/// <param name="stopping">Ends all streams, so that the program need not wait for browsers when it stops.</param>
internal sealed class RoomStream(ConversationCore core, CancellationToken stopping)
{
    // Two numbers are looked at that often, and at most so often a page looks again; nothing else is done meanwhile.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);

    // Ticks without a word, so that proxies and both ends notice a dead connection.
    private const int Heartbeat = 75;

    // What ended within that time is there after a restart too.
    private static readonly TimeSpan Retention = TimeSpan.FromDays(1);
    private const int MostRemembered = 100;
    private const int LookedAt = 1_000;

    // Each costs a timer and what nobody reads of it, and a script could open hundreds.
    private const int MostPerPerson = 20;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly ConcurrentDictionary<(string Platform, string Id), int> _open = new();

    // Tells a page that it outlived the program: what it shows may be of a room that is no more.
    private readonly Guid _id = Guid.NewGuid();

    /// <summary>
    /// Answers with the stream, until the client goes, the session ends or the program stops; or that the person has enough of them.
    /// </summary>
    public async Task SendAsync(HttpContext context, Session session)
    {
        var person = (session.User.Actor.Platform, session.User.Actor.Id);
        if (_open.AddOrUpdate(person, 1, (_, count) => count + 1) > MostPerPerson)
        {
            Leave(person);
            await context.Response.SayAsync(
                StatusCodes.Status429TooManyRequests,
                $"you have this page open {MostPerPerson} times. Next: close one of them; one that has lost its connection counts for some seconds more."
            );
            return;
        }

        try
        {
            await SendOpenAsync(context, session);
        }
        finally
        {
            Leave(person);
        }
    }

    // Whoever has none any more is forgotten.
    private void Leave((string Platform, string Id) person)
    {
        _open.AddOrUpdate(person, 0, (_, count) => count - 1);
        _open.TryRemove(new(person, 0));
    }

    private async Task SendOpenAsync(HttpContext context, Session session)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping, session.Ended);
        context.Response.ContentType = "text/event-stream";

        // A reverse proxy that collects answers before it passes them on (nginx does) is not to do it with this one.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            var you = new YouJson(
                _id,
                session.User.Actor.Name,
                [.. session.User.Roles.Select(r => r.Name())],
                ProgramVersion.Current,
                (session.User.Zone ?? core.Clock.LocalTimeZone).Id,
                core.Clock.GetUtcNow()
            );
            await WriteAsync(context.Response, $"retry: 1000\nevent: you\ndata: {JsonSerializer.Serialize(you, Options)}\n\n", end.Token);
            await SendRememberedAsync(context.Response, session.User, end.Token);
            await SendEntriesAsync(context.Response, session.User, end);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // This is how a stream ends.
        }
    }

    // The room begins anew with the program; the log remembers what was decided before.
    private async Task SendRememberedAsync(HttpResponse response, Speaker reader, CancellationToken cancel)
    {
        var (states, there) = (await core.Ledger.LoadAllAsync(cancel), core.Room.Keys);
        var reads = new EntryReader(core, reader);
        var since = core.Clock.GetUtcNow() - Retention;
        var over =
            from state in states.Values
            from change in state.Changes.NewestFirst().Take(LookedAt)
            let ended = EndOf(change.Status)
            where ended > since && !there.Contains(ChangeCard.KeyOf(state.Name, change.Number))
            orderby ended
            select new RoomEntry(0, ended.Value, core.Card.Of(state, change, null, [], states.Count > 1));
        foreach (var entry in over.TakeLast(MostRemembered))
            await WriteAsync(response, $"data: {JsonSerializer.Serialize(await reads.ReadAsync(entry, cancel), Options)}\n\n", cancel);
    }

    private static DateTimeOffset? EndOf(ChangeStatus status) =>
        status switch
        {
            ChangeStatus.Applied s => s.At,
            ChangeStatus.Failed s => s.At,
            ChangeStatus.Denied s => s.At,
            ChangeStatus.Withdrawn s => s.At,
            ChangeStatus.Expired s => s.At,
            _ => null,
        };

    private async Task SendEntriesAsync(HttpResponse response, Speaker reader, CancellationTokenSource end)
    {
        using var timer = new PeriodicTimer(Tick);
        await using var entries = core.Room.FollowAsync(end.Token).GetAsyncEnumerator(end.Token);
        var (next, tick) = (entries.MoveNextAsync().AsTask(), timer.WaitForNextTickAsync(end.Token).AsTask());
        var reads = new EntryReader(core, reader);
        var (told, silent) = (default((long Log, long Board)?), 0);
        try
        {
            while (true)
            {
                if (await Task.WhenAny(next, tick) == tick)
                {
                    await tick;
                    var now = (core.ShownUpTo, core.Board.Heard);
                    var frame =
                        now != told
                            ? $"event: changed\ndata: {JsonSerializer.Serialize(new ChangedJson(now.ShownUpTo, now.Heard), Options)}\n\n"
                            : ":\n\n";
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
                        var entry = await reads.ReadAsync(entries.Current, end.Token);
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

    private sealed record YouJson(Guid Room, string Name, ImmutableArray<string> Roles, string Version, string Zone, DateTimeOffset Now);
}
