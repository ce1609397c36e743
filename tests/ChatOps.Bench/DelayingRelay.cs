using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace ChatOps.Bench;

/// <summary>A port on loopback that leads to another one, as over a long line: what goes in comes out later, each way.</summary>
internal sealed class DelayingRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly IPEndPoint _target;
    private readonly TimeSpan _delay;
    private readonly Task _accepting;

    /// <summary>Opens it.</summary>
    /// <param name="target">Where it leads.</param>
    /// <param name="delay">How much later, one way.</param>
    public DelayingRelay(IPEndPoint target, TimeSpan delay)
    {
        (_target, _delay) = (target, delay);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Closes it, and what goes through it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            var client = await _listener.AcceptSocketAsync(_over.Token);
            _ = RelayAsync(client).ContinueWith(t => t.Exception, TaskScheduler.Default);
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using var near = client;
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
        (near.NoDelay, far.NoDelay) = (true, true);
        await Task.Delay(_delay, _over.Token);
        await far.ConnectAsync(_target, _over.Token);
        await Task.WhenAny(CopyAsync(near, far), CopyAsync(far, near));
    }

    // Read at once and written when its time has come, so that a long line is as wide as a short one.
    private async Task CopyAsync(Socket from, Socket to)
    {
        var line = Channel.CreateUnbounded<(DateTime Due, byte[] Bytes)>();
        var writing = WriteAsync();
        var buffer = new byte[65536];
        while (await from.ReceiveAsync(buffer, _over.Token) is > 0 and var count)
            await line.Writer.WriteAsync((DateTime.UtcNow + _delay, buffer[..count]), _over.Token);
        line.Writer.Complete();
        await writing;
        to.Shutdown(SocketShutdown.Send);

        async Task WriteAsync()
        {
            await foreach (var (due, bytes) in line.Reader.ReadAllAsync(_over.Token))
            {
                if (due - DateTime.UtcNow is { Ticks: > 0 } wait)
                    await Task.Delay(wait, _over.Token);
                await to.SendAsync(bytes, _over.Token);
            }
        }
    }
}
