using System.Net.WebSockets;
using System.Text.Json;

namespace ChatOps.Discord;

/// <summary>One connection to the gateway, from HELLO to its end.</summary>
internal sealed class GatewayConnection(
    GatewaySocket socket,
    GatewaySession session,
    DiscordOptions options,
    Intents intents,
    TimeProvider clock,
    Random random
)
{
    private const int Dispatch = 0;
    private const int Heartbeat = 1;
    private const int Identify = 2;
    private const int Resume = 6;
    private const int Reconnect = 7;
    private const int InvalidSession = 9;
    private const int Hello = 10;
    private const int HeartbeatAck = 11;
    private const long LongestInterval = 24 * 60 * 60 * 1000;

    private static readonly TimeSpan HelloLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan GoodByeLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan UsualInterval = TimeSpan.FromSeconds(41.25);

    private long _told;

    /// <summary>True once a session was asked for, new or the one that there is.</summary>
    public bool HasAsked { get; private set; }

    /// <summary>True once the session runs: begun or resumed.</summary>
    public bool WasReady { get; private set; }

    /// <summary>Runs it: begins a session or resumes the one that there is, and hands on its events.</summary>
    public async Task<Ending> RunAsync(Action<DiscordEvent> emit, CancellationToken cancel)
    {
        try
        {
            if (await HelloAsync(cancel) is not { } interval)
                return socket.CloseCode is null ? new Ending.Resume("the gateway did not say hello") : Closed();
            await StartAsync(cancel);
            (HasAsked, _told) = (true, clock.GetTimestamp());
            return await LiveAsync(interval, emit, cancel);
        }
        catch (WebSocketException e)
        {
            return socket.CloseCode is null ? new Ending.Resume($"the connection broke: {e.Message}") : Closed();
        }
        catch (JsonException e)
        {
            return new Ending.Begin($"the gateway sent what cannot be read: {e.Message}");
        }
    }

    // Cancelling a WebSocket breaks it, so the good-bye comes first: without one the bot would seem to be there for minutes.
    private async Task<Ending> LiveAsync(TimeSpan interval, Action<DiscordEvent> emit, CancellationToken cancel)
    {
        using var over = new CancellationTokenSource();
        var heart = new Heartbeat(interval, BeatAsync, clock, random);
        var (beating, listening, waiting) = (
            heart.BeatAsync(over.Token),
            ListenAsync(heart, emit, over.Token),
            UntilSilentAsync(over.Token)
        );
        try
        {
            var first = await Task.WhenAny(beating, listening, waiting).WaitAsync(cancel);
            if (first == listening)
                return await listening;
            await first;
            return first == beating
                ? new Ending.Resume("the gateway did not answer a heartbeat")
                : new Ending.Begin(session.Id is null ? "Discord does not begin a session" : "Discord does not go on with the session");
        }
        finally
        {
            await socket.CloseAsync(cancel.IsCancellationRequested);

            // A connection that is torn down too early can take the good-bye with it.
            if (cancel.IsCancellationRequested)
                await Task.WhenAny(listening, Task.Delay(GoodByeLimit, clock, CancellationToken.None));
            await over.CancelAsync();
            await Task.WhenAll(beating, listening, waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Ends when nothing comes of the session that was asked for; once it runs, the heart tells whether the connection does.
    private async Task UntilSilentAsync(CancellationToken cancel)
    {
        while (!WasReady && options.SessionTimeout - clock.GetElapsedTime(_told) is var left && left > TimeSpan.Zero)
            await Task.Delay(left, clock, cancel);
        if (WasReady)
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancel);
    }

    private async Task<TimeSpan?> HelloAsync(CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(HelloLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            while (await socket.ReceiveAsync(either.Token) is { } payload)
            {
                if (payload.Number("op") == Hello)
                    return payload.Object("d")?.Number("heartbeat_interval") is { } ms and > 0 and < LongestInterval
                        ? TimeSpan.FromMilliseconds(ms)
                        : UsualInterval;
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }

        return null;
    }

    private Task StartAsync(CancellationToken cancel) =>
        session.Id is { } id
            ? SendAsync(
                Resume,
                w =>
                {
                    w.WriteStartObject();
                    w.WriteString("token", options.Token.Reveal());
                    w.WriteString("session_id", id);
                    w.WriteNumber("seq", session.Sequence ?? 0);
                    w.WriteEndObject();
                },
                cancel
            )
            : SendAsync(
                Identify,
                w =>
                {
                    w.WriteStartObject();
                    w.WriteString("token", options.Token.Reveal());
                    w.WriteNumber("intents", (int)intents);
                    w.WriteStartObject("properties");
                    w.WriteString("os", "linux");
                    w.WriteString("browser", "chatops");
                    w.WriteString("device", "chatops");
                    w.WriteEndObject();
                    w.WriteEndObject();
                },
                cancel
            );

    private async Task<Ending> ListenAsync(Heartbeat heart, Action<DiscordEvent> emit, CancellationToken cancel)
    {
        while (await socket.ReceiveAsync(cancel) is { } payload)
        {
            switch (payload.Number("op"))
            {
                case Dispatch:
                    Take(payload, emit);
                    break;
                case Heartbeat:
                    await BeatAsync(cancel);
                    break;
                case HeartbeatAck:
                    heart.Acknowledge();
                    break;
                case Reconnect:
                    return new Ending.Resume("Discord asked the bot to connect again");
                case InvalidSession:
                    return payload.Flag("d")
                        ? new Ending.Resume("Discord could not go on with the session just now")
                        : new Ending.Begin("Discord has forgotten the session", true);
                default:
                    break;
            }
        }

        return Closed();
    }

    private void Take(JsonElement payload, Action<DiscordEvent> emit)
    {
        _told = clock.GetTimestamp();
        var (name, sequence, data) = (payload.Text("t"), payload.Number("s"), payload.Object("d") ?? default);
        if (name == "READY")
            session.Begin(data.Text("session_id"), ResumeAddress(data), sequence);
        else if (!session.IsNew(sequence))
            return;
        WasReady |= name is "READY" or "RESUMED";
        if (EventReader.Read(name, data, clock.GetUtcNow()) is { } read)
            emit(read);
    }

    private Task BeatAsync(CancellationToken cancel) =>
        SendAsync(
            Heartbeat,
            w =>
            {
                if (session.Sequence is { } sequence)
                    w.WriteNumberValue(sequence);
                else
                    w.WriteNullValue();
            },
            cancel
        );

    private Task SendAsync(int op, Action<Utf8JsonWriter> data, CancellationToken cancel) =>
        socket.SendAsync(
            w =>
            {
                w.WriteStartObject();
                w.WriteNumber("op", op);
                w.WritePropertyName("d");
                data(w);
                w.WriteEndObject();
            },
            cancel
        );

    private Ending Closed() => CloseCodes.Of(socket.CloseCode, socket.CloseReason, intents);

    // The token goes to this address too.
    private static Uri? ResumeAddress(JsonElement ready) =>
        Uri.TryCreate(ready.Text("resume_gateway_url"), UriKind.Absolute, out var url)
        && DiscordOptions.IsSafe(url, Uri.UriSchemeWss, Uri.UriSchemeWs)
            ? url
            : null;
}
