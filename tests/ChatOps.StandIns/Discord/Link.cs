using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace ChatOps.StandIns.Discord;

/// <summary>A session of the gateway: its events in order, for whoever resumes it.</summary>
internal sealed class Session(string id, int intents)
{
    public string Id => id;

    public int Intents => intents;

    public long Sequence { get; private set; }

    public List<JsonObject> Sent { get; } = [];

    public JsonObject Add(string name, JsonNode? data)
    {
        var payload = new JsonObject
        {
            ["op"] = 0,
            ["t"] = name,
            ["s"] = ++Sequence,
            ["d"] = data,
        };
        Sent.Add(payload);
        return payload;
    }
}

/// <summary>One connection of the bot to the gateway.</summary>
internal sealed class Link(WebSocket socket, GatewayServer server, Behaviour behaviour, TimeProvider clock)
{
    private const int LargestPayload = 4096;
    private const int MostInMinute = 120;

    // Sent by one task, in order: whoever sends does not wait.
    private readonly Channel<Out> _out = Channel.CreateUnbounded<Out>();
    private readonly Queue<DateTimeOffset> _received = new();

    /// <summary>The session that runs over it; null before.</summary>
    public Session? Session { get; set; }

    public async Task RunAsync(CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var sending = SendAllAsync(over.Token);
        try
        {
            await SendAsync(
                10,
                new JsonObject
                {
                    ["heartbeat_interval"] = (long)behaviour.HeartbeatInterval.TotalMilliseconds,
                    ["_trace"] = new JsonArray("stand-in"),
                }
            );
            while (await ReceiveAsync(over.Token) is { } payload)
                await TakeAsync(payload);
            lock (server.ClosedByBot)
                server.ClosedByBot.Add((int?)socket.CloseStatus);
            if (socket.State == WebSocketState.CloseReceived)
                await CloseAsync(1000, "");
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            lock (server.ClosedByBot)
                server.ClosedByBot.Add(null);
        }
        finally
        {
            Session = null;
            await over.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Abort()
    {
        Session = null;
        socket.Abort();
    }

    public Task SendAsync(int op, JsonNode? data) =>
        SendAsync(
            new JsonObject
            {
                ["op"] = op,
                ["d"] = data,
                ["s"] = null,
                ["t"] = null,
            }
        );

    public Task SendAsync(JsonObject payload) => Put(Encoding.UTF8.GetBytes(payload.ToJsonString()), 0, "");

    public async Task CloseAsync(int code, string reason)
    {
        await Put(null, code, reason);
        Session = null;
    }

    private Task Put(byte[]? payload, int code, string reason)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_out.Writer.TryWrite(new(payload, code, reason, done)))
            done.SetResult();
        return done.Task;
    }

    private async Task SendAllAsync(CancellationToken cancel)
    {
        try
        {
            await foreach (var next in _out.Reader.ReadAllAsync(cancel))
                await SendAsync(next, cancel);
        }
        catch (Exception e)
            when (e
                    is WebSocketException
                        or OperationCanceledException
                        or ObjectDisposedException
                        or InvalidOperationException
                        or IOException
            )
        {
            // The bot is gone; what it missed it gets when it resumes.
        }
        finally
        {
            // Whoever waits for what is not sent any more would wait for ever.
            _out.Writer.TryComplete();
            while (_out.Reader.TryRead(out var rest))
                rest.Done.TrySetResult();
        }
    }

    private async Task SendAsync(Out next, CancellationToken cancel)
    {
        try
        {
            if (next.Payload is { } payload)
                await socket.SendAsync(payload, WebSocketMessageType.Text, true, cancel);
            else
                await socket.CloseOutputAsync((WebSocketCloseStatus)next.Code, next.Reason, cancel);
        }
        finally
        {
            next.Done.SetResult();
        }
    }

    private async Task TakeAsync(JsonObject payload)
    {
        var now = clock.GetUtcNow();
        _received.Enqueue(now);
        while (now - _received.Peek() > TimeSpan.FromMinutes(1))
            _received.Dequeue();
        if (_received.Count > MostInMinute)
        {
            await CloseAsync(4008, "Rate limited.");
            return;
        }

        switch ((int?)payload["op"])
        {
            case 1 when payload["d"] is JsonValue d && (!d.TryGetValue<long>(out var s) || s > (Session?.Sequence ?? 0)):
                await CloseAsync(4007, "Invalid seq.");
                break;
            case 1:
                server.Heartbeats++;
                if (!server.IsMute)
                    await SendAsync(11, null);
                break;
            case 2 when payload["d"] is JsonObject data:
                await server.IdentifyAsync(this, data);
                break;
            case 6 when payload["d"] is JsonObject data:
                await server.ResumeAsync(this, data);
                break;
            case null or 2 or 6:
                await CloseAsync(4002, "Decode error.");
                break;
            default:
                await CloseAsync(Session is null ? 4003 : 4001, "Unknown opcode.");
                break;
        }
    }

    private async Task<JsonObject?> ReceiveAsync(CancellationToken cancel)
    {
        var buffer = new byte[LargestPayload + 1];
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            length += part.Count;
            if (length > LargestPayload)
            {
                await CloseAsync(4002, "Decode error.");
                return null;
            }

            if (part.EndOfMessage)
                return Parse(buffer.AsSpan(0, length)) ?? new JsonObject { ["op"] = null };
        }
    }

    private static JsonObject? Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonNode.Parse(bytes) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Out(byte[]? Payload, int Code, string Reason, TaskCompletionSource Done);
}
