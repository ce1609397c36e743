using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Running;

namespace ChatOps.Gateway.Datagrams;

/// <summary>
/// Carries UDP from public ports to VMs that clients cannot be led to in the kernel: of the other IP version, or shared among several. What
/// a port leads to changes while it runs, and only the sessions end that lead where nothing leads any more. One thread does it all.
/// </summary>
internal sealed class DatagramRelay(Action<string> say, int mostSessions = DatagramRelay.MostSessions) : IDisposable
{
    /// <summary>
    /// How many sessions there are at most: each takes a port of this machine, of which Linux has 28,232 for connections of its own.
    /// </summary>
    public const int MostSessions = 24_000;

    private const int Restless = 250,
        Restful = 1_000;
    private const int SayAgain = 60_000;

    private readonly Happenings<Action> _happenings = new();
    private readonly Dictionary<Endpoint, PublicPort> _ports = [];

    // A VM's port is the same by whichever public ports it is reached: who has found it silent by one knows it by all.
    private readonly Dictionary<Endpoint, Target> _targets = [];

    // Addresses of this machine, as far as somebody has sent to them.
    private readonly HashSet<Ip> _own = [];
    private readonly UdpSessions _sessions = new(mostSessions);
    private readonly Queue<(UdpSession Session, Target Target, long Due)> _unanswered = new();
    private readonly byte[] _buffer = new byte[65_536];
    private long _saidFull = long.MinValue / 2;

    /// <summary>What the relay does, in the form of its file.</summary>
    public string Shown =>
        RelayFile.Shown(_ports.Values.Select(p => (p.Listen, (IReadOnlyList<Endpoint>)[.. p.Share.Targets.Select(t => t.Endpoint)])));

    public IEnumerable<(Endpoint Client, Endpoint Public)> Sessions =>
        _sessions.All.Select(s => (s.Key.Client, new Endpoint(s.Key.Address, s.Key.Port.Listen.Port)));

    /// <summary>
    /// Makes the ports what a file says: null, or why not, and then all is as it was. A session goes on when its port still leads where it
    /// leads.
    /// </summary>
    public string? Load(string text)
    {
        var opened = new List<PublicPort>();
        try
        {
            var wanted = RelayFile.Read(text).ToDictionary(p => p.Listen, p => p.Targets);
            foreach (var listen in wanted.Keys.Where(l => !_ports.ContainsKey(l)))
                opened.Add(Open(listen));
            foreach (var port in opened)
                _ports.Add(port.Listen, port);
            foreach (var port in _ports.Values)
                Lead(port, wanted.GetValueOrDefault(port.Listen, []));
            foreach (var session in _sessions.All.Where(s => !s.Key.Port.Share.Targets.Contains(s.Target)).ToList())
                Close(session);
            foreach (var port in _ports.Values.Where(p => p.Share.Targets.Count == 0).ToList())
                Close(port);
            var used = _ports.Values.SelectMany(p => p.Share.Targets).ToHashSet();
            foreach (var target in _targets.Values.Where(t => !used.Contains(t)).ToList())
                _targets.Remove(target.Endpoint);
            return null;
        }
        catch (Exception e) when (e is FormatException or IOException)
        {
            opened.ForEach(Close);
            return e.Message;
        }
    }

    public void End(Endpoint client, Endpoint where)
    {
        if (_ports.TryGetValue(AnyOf(where), out var port) && _sessions.Find(new(port, client, where.Address)) is { } session)
            Close(session);
    }

    /// <summary>Has somebody else asked too when there is something to receive.</summary>
    public void Watch(Microsoft.Win32.SafeHandles.SafeFileHandle file, Action look) => _happenings.Watch(file, look);

    /// <summary>Waits a second at most, and carries what has come meanwhile.</summary>
    public void Turn()
    {
        _happenings.Wait(_unanswered.Count > 0 ? Restless : Restful, look => look());
        var now = Now;
        while (_unanswered.TryPeek(out var first) && first.Due <= now)
        {
            _unanswered.Dequeue();
            if (first.Session.IsClosed || first.Session.HasAnswer || first.Session.Target != first.Target)
                continue;
            first.Session.IsLate = true;
            first.Session.Key.Port.Share.Unanswered(first.Target, now);
        }

        while (_sessions.Expired(now) is { } session)
            Close(session);
    }

    public void Dispose()
    {
        foreach (var session in _sessions.All.ToList())
            Close(session);
        foreach (var port in _ports.Values.ToList())
            Close(port);
        _happenings.Dispose();
    }

    private static Endpoint AnyOf(Endpoint endpoint) => new(new(0, endpoint.Address.IsV6), endpoint.Port);

    private static long Now => Environment.TickCount64;

    private PublicPort Open(Endpoint listen)
    {
        UdpSocket? socket = null;
        try
        {
            socket = UdpSocket.On(listen);
            var port = new PublicPort(listen, socket, new([], say));
            _happenings.Watch(socket.Handle, () => FromClients(port));
            return port;
        }
        catch (IOException e)
        {
            socket?.Dispose();
            throw new IOException($"udp {listen.Port} (IPv{listen.Address.Family}): {e.Message}");
        }
    }

    private void Lead(PublicPort port, IReadOnlyList<Endpoint> targets)
    {
        if (!port.Share.Targets.Select(t => t.Endpoint).SequenceEqual(targets))
            port.Share = new([.. targets.Select(TargetAt)], say);
    }

    private Target TargetAt(Endpoint endpoint)
    {
        if (!_targets.TryGetValue(endpoint, out var target))
            _targets.Add(endpoint, target = new(endpoint));
        return target;
    }

    private void Close(PublicPort port)
    {
        _ports.Remove(port.Listen);
        _happenings.Forget(port.Socket.Handle);
        port.Socket.Dispose();
    }

    private void Close(UdpSession session)
    {
        _sessions.Remove(session);
        _happenings.Forget(session.Socket.Handle);
        session.Socket.Dispose();
    }

    private void FromClients(PublicPort port)
    {
        var (left, hadAll) = (port.Socket.InOneGo, true);
        while (hadAll && left-- > 0)
        {
            var length = port.Socket.Receive(_buffer, out var client, out var address);
            hadAll = length >= 0;
            if (hadAll)
                FromClient(new(port, client, address), _buffer.AsSpan(0, length));
        }

        port.Socket.Learn(hadAll);
    }

    private void FromClient(SessionKey key, ReadOnlySpan<byte> datagram)
    {
        // Whoever forges one of our own ports as the sender would have ports of ours answer each other for ever; IPv6 lets such a one in.
        _own.Add(key.Address);
        if (_own.Contains(key.Client.Address) && _ports.ContainsKey(AnyOf(key.Client)))
            return;
        var (now, share) = (Now, key.Port.Share);
        if (_sessions.Find(key) is not { } session)
        {
            if (Begin(key, now) is not { } begun)
                return;
            session = begun;
        }
        else
        {
            _sessions.Touch(session, now, isFromClient: true);
            // The client has sent again what the VM does not answer.
            if (session is { IsLate: true, HasAnswer: false } && share.Answers(now))
                Move(session, now);
        }

        if (!share.IsOne)
            session.Keep(datagram);
        session.Tries = 1;
        Send(session, datagram, now);
    }

    private UdpSession? Begin(SessionKey key, long now)
    {
        if (!_sessions.HasRoom(out var victim))
        {
            if (now - _saidFull >= SayAgain)
                say(
                    $"as many sessions as there can be ({_sessions.Count}): {(victim is null ? "new clients have to wait" : "those go that were never answered")}"
                );
            _saidFull = now;
            if (victim is null)
                return null;
            Close(victim);
        }

        var share = key.Port.Share;
        for (var tries = 0; tries < share.Targets.Count; tries++)
        {
            var target = share.Next(now);
            if (UdpSocket.To(target.Endpoint) is not { } socket)
            {
                share.Refused(target, now);
                continue;
            }

            var session = new UdpSession(key) { Target = target, Socket = socket };
            _sessions.Add(session, now);
            Follow(session, now);
            return session;
        }

        return null;
    }

    private void Follow(UdpSession session, long now)
    {
        _happenings.Watch(session.Socket.Handle, () => FromTarget(session));
        if (!session.Key.Port.Share.IsOne)
            _unanswered.Enqueue((session, session.Target, now + Share.Patience));
    }

    // To another VM.
    private void Move(UdpSession session, long now)
    {
        var target = session.Key.Port.Share.Next(now, session.Target);
        if (target == session.Target || UdpSocket.To(target.Endpoint) is not { } socket)
            return;
        _happenings.Forget(session.Socket.Handle);
        session.Socket.Dispose();
        (session.Target, session.Socket, session.IsLate, session.HasAnswer) = (target, socket, false, false);
        Follow(session, now);
    }

    // What the kernel says now is about what was sent before; nothing was sent then.
    private void Send(UdpSession session, ReadOnlySpan<byte> datagram, long now)
    {
        if (!UdpSocket.IsRefusal(session.Socket.Send(datagram)))
            return;
        Refuse(session, now);
        _ = session.Socket.Send(datagram);
    }

    private void FromTarget(UdpSession session)
    {
        var socket = session.Socket;
        for (var left = socket.InOneGo; left > 0; left--)
        {
            var (length, now) = (socket.Receive(_buffer), Now);
            if (length < 0)
            {
                socket.Learn(hadAll: false);
                if (UdpSocket.IsRefusal(length) && Refuse(session, now))
                    _ = session.Socket.Send(session.Waiting);
                return;
            }

            session.HasAnswer = true;
            session.LetGo();
            session.Key.Port.Share.Answered(session.Target, now);
            _sessions.Touch(session, now, isFromClient: false);
            _ = session.Key.Port.Socket.Send(_buffer.AsSpan(0, length), session.Key.Client, session.Key.Address);
        }

        socket.Learn(hadAll: true);
    }

    // Whether there is another VM for what it has refused, which waits.
    private bool Refuse(UdpSession session, long now)
    {
        var share = session.Key.Port.Share;
        share.Refused(session.Target, now);
        var (waits, before) = (!session.Waiting.IsEmpty, session.Target);
        if (session.Tries++ >= share.Targets.Count)
            return false;
        Move(session, now);
        return waits && session.Target != before;
    }
}
