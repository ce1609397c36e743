using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;

namespace ChatOps.Discord;

/// <summary>A WebSocket that carries JSON. Sending is one at a time, whoever sends.</summary>
internal sealed class GatewaySocket(TimeProvider clock) : IDisposable
{
    private const int LargestMessage = 16 * 1024 * 1024;
    private const int GoingOn = 4900;

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    private readonly ClientWebSocket _socket = Made();
    private readonly SemaphoreSlim _sending = new(1, 1);

    /// <summary>The code with which the other side closed; null when it did not.</summary>
    public int? CloseCode => (int?)_socket.CloseStatus;

    public string? CloseReason => _socket.CloseStatusDescription;

    public async Task ConnectAsync(Uri url, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(ConnectLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            await _socket.ConnectAsync(url, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new WebSocketException($"{url.Host} did not answer within {ConnectLimit.TotalSeconds} s");
        }
    }

    public async Task SendAsync(Action<Utf8JsonWriter> write, CancellationToken cancel)
    {
        var bytes = Json.Bytes(write);
        await _sending.WaitAsync(cancel);
        try
        {
            await _socket.SendAsync(bytes, WebSocketMessageType.Text, true, cancel);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The next object; null when the other side has closed.</summary>
    /// <exception cref="JsonException">What came is no JSON, or far too much.</exception>
    public async Task<JsonElement?> ReceiveAsync(CancellationToken cancel)
    {
        var buffer = new ArrayBufferWriter<byte>();
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.GetMemory(4096), cancel);
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            buffer.Advance(part.Count);
            if (buffer.WrittenCount > LargestMessage)
                throw new JsonException("a message of more than 16 MiB");
            if (part.EndOfMessage)
                return JsonElement.Parse(buffer.WrittenSpan);
        }
    }

    /// <param name="isForGood">True to end the session: the bot goes offline. False to go on with it at another connection.</param>
    public async Task CloseAsync(bool isForGood)
    {
        if (_socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
            return;
        using var limit = new CancellationTokenSource(CloseLimit, clock);
        try
        {
            await _sending.WaitAsync(limit.Token);
            await _socket.CloseOutputAsync(
                isForGood ? WebSocketCloseStatus.NormalClosure : (WebSocketCloseStatus)GoingOn,
                null,
                limit.Token
            );
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The connection is given up in any case.
        }
    }

    private static ClientWebSocket Made()
    {
        var socket = new ClientWebSocket { Options = { KeepAliveInterval = TimeSpan.Zero } };
        socket.Options.SetRequestHeader("User-Agent", DiscordOptions.UserAgent);
        return socket;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _sending.Dispose();
    }
}
