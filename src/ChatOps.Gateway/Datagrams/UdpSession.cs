using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Running;

namespace ChatOps.Gateway.Datagrams;

/// <summary>A public port of UDP for one family of clients.</summary>
internal sealed class PublicPort(Endpoint listen, UdpSocket socket, Share share)
{
    public Endpoint Listen { get; } = listen;

    public UdpSocket Socket { get; } = socket;

    /// <summary>Where it leads; changes while sessions go on.</summary>
    public Share Share { get; set; } = share;
}

/// <summary>
/// Whose datagrams belong together: a client's port, the public port that it sends to, and at which address of this machine.
/// </summary>
internal readonly record struct SessionKey(PublicPort Port, Endpoint Client, Ip Address);

/// <summary>One client's datagrams and the answers to them, by a socket of its own towards one VM.</summary>
internal sealed class UdpSession(SessionKey key)
{
    // A longer one is not sent again when its VM refuses it.
    private const int Longest = 2048;

    private byte[] _last = [];
    private int _lastLength;

    public SessionKey Key { get; } = key;

    public required Target Target { get; set; }

    public required UdpSocket Socket { get; set; }

    public bool HasAnswer { get; set; }

    /// <summary>Whether the client has gone on after an answer: it is there, and not a forged address.</summary>
    public bool IsMutual { get; set; }

    public bool IsLate { get; set; }

    /// <summary>To how many VMs the datagram that waits for an answer has gone.</summary>
    public int Tries { get; set; }

    /// <summary>When the last datagram came, in milliseconds.</summary>
    public long LastSeen { get; set; }

    public bool IsClosed { get; set; }

    /// <summary>Its place among those that were used before and after it.</summary>
    public LinkedListNode<UdpSession>? Place { get; set; }

    /// <summary>The client's last datagram, as long as it has no answer; empty when there is none, or it was too long to keep.</summary>
    public ReadOnlySpan<byte> Waiting => _last.AsSpan(0, _lastLength);

    public void Keep(ReadOnlySpan<byte> datagram)
    {
        _lastLength = datagram.Length <= Longest ? datagram.Length : 0;
        if (_last.Length < _lastLength)
            _last = new byte[_lastLength];
        datagram[.._lastLength].CopyTo(_last);
    }

    public void LetGo() => (_last, _lastLength) = ([], 0);
}
