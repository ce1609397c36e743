namespace ChatOps.Gateway.Datagrams;

/// <summary>
/// All sessions, those first that were not used for longest. When there are too many, one whose client has never gone on after an answer
/// goes first: forged senders do not push out anybody who talks.
/// </summary>
internal sealed class UdpSessions(int most)
{
    /// <summary>How long a session lasts without a datagram, in milliseconds; RFC 4787 asks for two minutes at least.</summary>
    public const int Lasting = 180_000;

    private readonly Dictionary<SessionKey, UdpSession> _all = [];
    private readonly LinkedList<UdpSession> _new = [];
    private readonly LinkedList<UdpSession> _mutual = [];

    public int Count => _all.Count;

    public IEnumerable<UdpSession> All => _all.Values;

    /// <summary>The session of a client; null when there is none.</summary>
    public UdpSession? Find(SessionKey key) => _all.GetValueOrDefault(key);

    /// <summary>Whether there is room for one more; else the one that has to go for it, or null when all of them are in use.</summary>
    public bool HasRoom(out UdpSession? victim)
    {
        victim = _all.Count < most ? null : _new.First?.Value;
        return _all.Count < most;
    }

    public void Add(UdpSession session, long now)
    {
        _all.Add(session.Key, session);
        session.LastSeen = now;
        session.Place = _new.AddLast(session);
    }

    /// <summary>A datagram has come, from the client or for it.</summary>
    public void Touch(UdpSession session, long now, bool isFromClient)
    {
        session.LastSeen = now;
        session.Place!.List!.Remove(session.Place);
        session.IsMutual |= isFromClient && session.HasAnswer;
        (session.IsMutual ? _mutual : _new).AddLast(session.Place);
    }

    public void Remove(UdpSession session)
    {
        session.IsClosed = true;
        _all.Remove(session.Key);
        session.Place!.List!.Remove(session.Place);
    }

    /// <summary>One that nobody has used for too long, or null.</summary>
    public UdpSession? Expired(long now) =>
        _new.First?.Value is { } fresh && now - fresh.LastSeen >= Lasting ? fresh
        : _mutual.First?.Value is { } mutual && now - mutual.LastSeen >= Lasting ? mutual
        : null;
}
