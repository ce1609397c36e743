using System.Net;
using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Reading;

namespace ChatOps.GatewaySpecs.Reading;

/// <summary>Flows and connections, out of the messages of the kernel.</summary>
public sealed class FlowSpecs
{
    [Fact]
    public void A_translated_flow_says_who_opened_it_and_who_answers()
    {
        var flow = Flow.Read([
            .. Opened(4),
            .. Attributes.Of(2, [.. Addresses(4, "10.1.0.2", "198.51.100.7"), .. Transport(8080, 50000)]),
            .. Attributes.Of(12, [1, 2, 3, 4]),
        ]);
        Assert.Equal(
            new(
                Protocol.Tcp,
                IPAddress.Parse("198.51.100.7"),
                50000,
                IPAddress.Parse("203.0.113.10"),
                80,
                IPAddress.Parse("10.1.0.2"),
                IPAddress.Parse("198.51.100.7")
            )
            {
                Name = flow!.Value.Name,
            },
            flow.Value
        );
        Assert.Equal(4, flow.Value.Family);
        Assert.Equal(Opened(4, Attributes.IsList).Concat(Attributes.Of(12, [1, 2, 3, 4])), flow.Value.Name.ToArray());
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(7, true)]
    [InlineData(8, true)]
    public void A_flow_that_waits_or_is_closed_is_over(byte state, bool isOver) =>
        Assert.Equal(
            isOver,
            Flow.Read([.. Opened(6), .. Answered(6), .. Attributes.Of(4, Attributes.Of(1, Attributes.Of(1, [state])))])!.Value.IsOver
        );

    [Fact]
    public void The_zone_belongs_to_its_name() =>
        Assert.Equal(
            Opened(6, Attributes.IsList).Concat(Attributes.Of(18, [0, 7])),
            Flow.Read([.. Opened(6), .. Answered(6), .. Attributes.Of(18, [0, 7])])!.Value.Name.ToArray()
        );

    [Fact]
    public void What_is_no_flow_between_addresses_is_left_out()
    {
        Assert.Null(Flow.Read([]));
        Assert.Null(Flow.Read(Opened(4)));
        Assert.Null(Flow.Read([.. Attributes.Of(1, Addresses(4, "198.51.100.7", "203.0.113.10")), .. Answered(4)]));
        Assert.Null(Flow.Read(Opened(4).AsSpan(0, 9)));
    }

    [Fact]
    public void Every_cut_off_message_is_read_to_an_end()
    {
        byte[] whole = [.. Opened(4), .. Answered(4)];
        Assert.All(Enumerable.Range(0, whole.Length), length => Flow.Read(whole.AsSpan(0, length)));
    }

    [Fact]
    public void A_connection_of_an_IPv4_client_to_a_socket_for_both_is_one_of_IPv4()
    {
        byte[] message =
        [
            10,
            1,
            0,
            0,
            0,
            81,
            0xc3,
            0x52,
            .. IPAddress.Parse("::ffff:203.0.113.10").GetAddressBytes(),
            .. IPAddress.Parse("::ffff:198.51.100.7").GetAddressBytes(),
            0,
            0,
            0,
            0,
            1,
            2,
            3,
            4,
            5,
            6,
            7,
            8,
        ];
        var connection = Connection.Read(message);
        Assert.Equal(
            (81, IPAddress.Parse("198.51.100.7"), 50002, 10),
            (connection!.Value.Port, connection.Value.Peer, connection.Value.PeerPort, connection.Value.SocketFamily)
        );
        Assert.Equal(message[4..], connection.Value.Id.ToArray());
        Assert.Null(Connection.Read(message.AsMemory(0, 51)));
    }

    private static byte[] Opened(int family, int flag = 0) =>
        Attributes.Of(
            1 | flag,
            family == 4
                ? [.. Addresses(4, "198.51.100.7", "203.0.113.10"), .. Transport(50000, 80)]
                : [.. Addresses(6, "2001:db8:66::7", "2001:db8::10"), .. Transport(50000, 80)]
        );

    private static byte[] Answered(int family) =>
        Attributes.Of(2, family == 4 ? Addresses(4, "203.0.113.10", "198.51.100.7") : Addresses(6, "2001:db8::10", "2001:db8:66::7"));

    private static byte[] Addresses(int family, string source, string destination)
    {
        var first = family == 4 ? 1 : 3;
        return Attributes.Of(
            1,
            [
                .. Attributes.Of(first, IPAddress.Parse(source).GetAddressBytes()),
                .. Attributes.Of(first + 1, IPAddress.Parse(destination).GetAddressBytes()),
            ]
        );
    }

    private static byte[] Transport(int from, int to) =>
        Attributes.Of(
            2,
            [
                .. Attributes.Of(1, [6]),
                .. Attributes.Of(2, [(byte)(from >> 8), (byte)from]),
                .. Attributes.Of(3, [(byte)(to >> 8), (byte)to]),
            ]
        );
}
