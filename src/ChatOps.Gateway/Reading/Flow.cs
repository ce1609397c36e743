using System.Buffers.Binary;
using System.Net;
using ChatOps.Gateway.Checking;

namespace ChatOps.Gateway.Reading;

/// <summary>A flow that the kernel tracks: how it was opened, and how its answers come back.</summary>
/// <param name="SourcePort">The port that it was opened from; 0 where there is none.</param>
/// <param name="Port">The port that it was opened to; 0 where there is none.</param>
/// <param name="From">Who answers: behind DNAT the target.</param>
/// <param name="To">To whom: behind source NAT the address that was put in.</param>
internal readonly record struct Flow(
    Protocol Protocol,
    IPAddress Source,
    int SourcePort,
    IPAddress Destination,
    int Port,
    IPAddress From,
    IPAddress To
)
{
    // linux/netfilter/nfnetlink_conntrack.h
    private const int Opened = 1,
        Answered = 2,
        Details = 4,
        Identity = 12,
        Zone = 18;
    private const int Addresses = 1,
        Transport = 2,
        Number = 1,
        FromPort = 2,
        ToPort = 3,
        OfTcp = 1,
        State = 1;
    private const byte TimeWait = 7,
        Close = 8;

    /// <summary>4 or 6.</summary>
    public int Family => Ip.Of(Source).Family;

    /// <summary>True when it has ended, and is remembered for a while.</summary>
    public bool IsOver { get; init; }

    /// <summary>The attributes by which the kernel knows it.</summary>
    public ReadOnlyMemory<byte> Name { get; init; }

    /// <summary>Reads the attributes of a message of connection tracking.</summary>
    /// <returns>Null when they are not those of a flow between two addresses.</returns>
    public static Flow? Read(ReadOnlySpan<byte> attributes)
    {
        var opened = Attributes.Value(attributes, Opened);
        if (
            !TryReadAddresses(opened, out var source, out var destination)
            || !TryReadAddresses(Attributes.Value(attributes, Answered), out var from, out var to)
        )
            return null;
        var transport = Attributes.Value(opened, Transport);
        if (Attributes.Value(transport, Number) is not [var protocol])
            return null;
        var state = Attributes.Value(Attributes.Value(Attributes.Value(attributes, Details), OfTcp), State);
        var zone = Attributes.Value(attributes, Zone);
        var identity = Attributes.Value(attributes, Identity);
        return new Flow((Protocol)protocol, source, Port16(transport, FromPort), destination, Port16(transport, ToPort), from, to)
        {
            IsOver = state is [TimeWait or Close],
            Name = (byte[])
                [
                    .. Attributes.Of(Opened | Attributes.IsList, opened),
                    .. zone.IsEmpty ? [] : Attributes.Of(Zone, zone),
                    .. identity.IsEmpty ? [] : Attributes.Of(Identity, identity),
                ],
        };
    }

    // Of IPv4 they are numbered 1 and 2, of IPv6 3 and 4.
    private static bool TryReadAddresses(ReadOnlySpan<byte> tuple, out IPAddress source, out IPAddress destination)
    {
        var addresses = Attributes.Value(tuple, Addresses);
        var first = Attributes.Value(addresses, 1).Length == 4 ? 1 : 3;
        var from = Attributes.Value(addresses, first);
        var to = Attributes.Value(addresses, first + 1);
        var isThere = from.Length is 4 or 16 && from.Length == to.Length;
        (source, destination) = isThere ? (new(from), new(to)) : (IPAddress.None, IPAddress.None);
        return isThere;
    }

    private static int Port16(ReadOnlySpan<byte> transport, int type) =>
        Attributes.Value(transport, type) is { Length: 2 } port ? BinaryPrimitives.ReadUInt16BigEndian(port) : 0;
}

/// <summary>The flows that the kernel tracks.</summary>
internal static class Conntrack
{
    // The subsystem 1 of netfilter, with IPCTNL_MSG_CT_GET and IPCTNL_MSG_CT_DELETE.
    private const int Get = 0x101,
        Delete = 0x102;

    /// <summary>All of these families (4, 6).</summary>
    public static List<Flow> Flows(params IEnumerable<int> families)
    {
        using var netlink = new Netlink();
        var flows = new List<Flow>();
        foreach (var family in families)
        {
            foreach (var message in netlink.All(Get, HeaderOf(family), 4))
            {
                if (Flow.Read(message) is { } flow)
                    flows.Add(flow);
            }
        }

        return flows;
    }

    /// <summary>Forgets them: what comes next of one is new to the firewall.</summary>
    public static void End(IEnumerable<Flow> flows)
    {
        using var netlink = new Netlink();
        foreach (var flow in flows)
            netlink.Do(Delete, [.. HeaderOf(flow.Family), .. flow.Name.Span]);
    }

    private static byte[] HeaderOf(int family) => [(byte)(family == 4 ? 2 : 10), 0, 0, 0];
}
