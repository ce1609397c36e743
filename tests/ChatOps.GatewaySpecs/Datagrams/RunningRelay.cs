using System.Net;
using System.Net.Sockets;
using System.Text;
using ChatOps.Gateway.Datagrams;

namespace ChatOps.GatewaySpecs.Datagrams;

/// <summary>A relay of this process on loopback, with the file and the socket that the service has on a gateway.</summary>
internal sealed class RunningRelay : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relay").FullName;
    private readonly List<string> _said = [];
    private readonly Thread _thread;
    private volatile bool _isOver;

    public RunningRelay(int mostSessions = DatagramRelay.MostSessions)
    {
        var ready = new TaskCompletionSource();
        _thread = new(() =>
        {
            using var relay = new DatagramRelay(Say, mostSessions);
            var ports = new WaitingPorts(relay, File, Say);
            using var door = RelayControl.Open(relay, ports, Socket);
            ready.SetResult();
            for (; !_isOver; ports.Look())
                relay.Turn();
        });
        _thread.Start();
        ready.Task.Wait();
    }

    public string Socket => Path.Combine(_folder, "control.sock");

    private string File => Path.Combine(_folder, "udprelay.conf");

    /// <summary>What it has said to the journal.</summary>
    public IReadOnlyList<string> Said
    {
        get
        {
            lock (_said)
                return [.. _said];
        }
    }

    /// <summary>A port of UDP that nobody has.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Has it read a file of these lines: null, or what it says against it.</summary>
    public string? Load(params string[] lines)
    {
        System.IO.File.WriteAllText(File, string.Concat(lines.Select(l => $"{l}\n")));
        return RelayControl.Load(Socket);
    }

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        Directory.Delete(_folder, recursive: true);
    }

    private void Say(string text)
    {
        lock (_said)
            _said.Add(text);
    }
}

/// <summary>A client, or a VM, that says who it is.</summary>
internal sealed class Talker : IDisposable
{
    private readonly Socket _socket;

    private Talker(IPEndPoint at)
    {
        _socket = new(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 60_000 };
        _socket.Bind(at);
    }

    /// <summary>Somebody on loopback.</summary>
    public static Talker Here() => new(new(IPAddress.Loopback, 0));

    /// <summary>The same, of IPv6.</summary>
    public static Talker Here6() => new(new(IPAddress.IPv6Loopback, 0));

    /// <summary>Somebody who comes to a port that was somebody else's.</summary>
    public static Talker At(int port) => new(new(IPAddress.Loopback, port));

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public bool HasSomething => _socket.Poll(0, SelectMode.SelectRead);

    public void Send(string text, string address, int port) =>
        _socket.SendTo(Encoding.ASCII.GetBytes(text), IPEndPoint.Parse($"{address}:{port}"));

    /// <summary>The next datagram, and who has sent it; one that comes too late ends the test.</summary>
    public (string Text, IPEndPoint From) Receive()
    {
        var buffer = new byte[65_536];
        EndPoint from = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        var length = _socket.ReceiveFrom(buffer, ref from);
        return (Encoding.ASCII.GetString(buffer, 0, length), (IPEndPoint)from);
    }

    /// <summary>Answers the next datagram with who it is, and says who asked.</summary>
    public IPEndPoint Answer(string name = "")
    {
        var (text, from) = Receive();
        _socket.SendTo(Encoding.ASCII.GetBytes(name + text), from);
        return from;
    }

    public void Dispose() => _socket.Dispose();
}
