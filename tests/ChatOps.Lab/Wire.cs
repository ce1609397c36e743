using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ChatOps.Delivery.Ssh;

namespace ChatOps.Lab;

/// <summary>The wire between a controller and a gateway's sshd: a forward on loopback that can be cut.</summary>
internal sealed class Wire : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> _sockets = new();
    private readonly IPEndPoint _to;
    private long _budget = long.MaxValue;
    private volatile bool _isOver;

    private Wire(IPEndPoint to)
    {
        _to = to;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where the controller dials.</summary>
    public DialAddress End => DialAddress.Of($"{_listener.LocalEndpoint}");

    /// <summary>How often it was cut.</summary>
    public int Cuts { get; private set; }

    public static Wire To(DialAddress gateway) => new(IPEndPoint.Parse($"{gateway}"));

    /// <summary>Ends every connection at once, without a farewell; new ones go through.</summary>
    public void Cut()
    {
        Cuts++;
        foreach (var socket in _sockets.Keys.Where(s => _sockets.TryRemove(s, out _)))
        {
            // A linger of nothing makes the kernel send a reset.
            socket.Close(0);
        }
    }

    /// <summary>Cuts when so many more bytes have gone to the gateway.</summary>
    public void CutAfter(long bytes) => Interlocked.Exchange(ref _budget, bytes);

    public void Dispose()
    {
        _isOver = true;
        _listener.Dispose();
        Cut();
    }

    private async Task AcceptAsync()
    {
        while (!_isOver)
        {
            try
            {
                var near = await _listener.AcceptSocketAsync();
                _ = CarryAsync(near);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Who came went away before he was let in, or the test is over.
            }
        }
    }

    private async Task CarryAsync(Socket near)
    {
        var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        _sockets[near] = _sockets[far] = true;
        try
        {
            await far.ConnectAsync(_to);
            await Task.WhenAny(PumpAsync(near, far, isOutward: true), PumpAsync(far, near, isOutward: false));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut, or nobody there.
        }
        finally
        {
            near.Dispose();
            far.Dispose();
            _sockets.TryRemove(near, out _);
            _sockets.TryRemove(far, out _);
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isOutward)
    {
        var buffer = new byte[16384];
        try
        {
            while (await from.ReceiveAsync(buffer, SocketFlags.None) is var count and > 0)
            {
                await to.SendAsync(buffer.AsMemory(0, count), SocketFlags.None);
                if (isOutward && Interlocked.Add(ref _budget, -count) < 0)
                {
                    Interlocked.Exchange(ref _budget, long.MaxValue);
                    Cut();
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}
