using System.Net;
using ChatOps.Gateway.Checking;

namespace ChatOps.Gateway.Reading;

/// <summary>A flow that the kernel tracks: how it was opened, and how its answers come back.</summary>
/// <param name="Protocol">As it is written: "tcp", "udp", "icmp".</param>
/// <param name="Source">Who opened it.</param>
/// <param name="Destination">To where, before any translation.</param>
/// <param name="SourcePort">The port that it was opened from; 0 where there is none.</param>
/// <param name="Port">The port that it was opened to; 0 where there is none.</param>
/// <param name="From">Who answers: behind DNAT the target.</param>
/// <param name="To">To whom: behind source NAT the address that was put in.</param>
internal readonly record struct Flow(string Protocol, IPAddress Source, int SourcePort, IPAddress Destination, int Port, IPAddress From, IPAddress To)
{
    /// <summary>4 or 6.</summary>
    public int Family => Ip.Of(Source).Family;

    /// <summary>Reads a line of "conntrack -L" or of /proc/net/nf_conntrack, which has family and number before the protocol.</summary>
    public static bool TryRead(string line, out Flow flow)
    {
        var rest = line.AsSpan();
        Span<Range> words = stackalloc Range[40];
        var count = rest.SplitAny(words, " \t", StringSplitOptions.RemoveEmptyEntries);
        var first = count > 2 && rest[words[0]] is "ipv4" or "ipv6" ? 2 : 0;
        IPAddress? source = null, destination = null, from = null, to = null;
        var (sourcePort, port) = (0, 0);
        flow = default;
        for (var i = first + 2; i < count; i++)
        {
            var word = rest[words[i]];
            if (word.StartsWith("src=") && IPAddress.TryParse(word[4..], out var sender))
                (source, from) = source is null ? (sender, from) : (source, from ?? sender);
            else if (word.StartsWith("dst=") && IPAddress.TryParse(word[4..], out var receiver))
                (destination, to) = destination is null ? (receiver, to) : (destination, to ?? receiver);
            else if (sourcePort == 0 && word.StartsWith("sport=") && Addresses.TryReadPort(word[6..], out var origin))
                sourcePort = origin;
            else if (port == 0 && word.StartsWith("dport=") && Addresses.TryReadPort(word[6..], out var number))
                port = number;
        }

        if (source is null || destination is null || from is null || to is null)
            return false;
        flow = new Flow(rest[words[first]].ToString(), source, sourcePort, destination, port, from, to);
        return true;
    }
}
