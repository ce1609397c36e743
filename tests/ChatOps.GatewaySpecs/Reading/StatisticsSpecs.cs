using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json;
using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Reading;

namespace ChatOps.GatewaySpecs.Reading;

/// <summary>What has been counted, out of what the kernel and the daemons say.</summary>
public sealed class StatisticsSpecs
{
    private const string Csv = "# pxname,svname,qcur,scur,stot,status,\ntcp-80-ipv4,vm1,0,2,17,UP,\ntcp-80-ipv4,vm2,0,,,DOWN 1/2,\n";

    // Sets of nf_tables by name: protocol, port, packets, bytes.
    private readonly Dictionary<string, (byte Protocol, ushort Port, long Packets, long Bytes)[]> _sets = new()
    {
        ["dnat4"] = [(6, 80, 0, 0), (17, 53, 0, 0)],
        ["proxied6"] = [(6, 80, 0, 0)],
        ["traffic4"] = [(6, 80, 5, 300), (6, 9999, 7, 7)],
        ["answered4"] = [(6, 80, 4, 4000)],
        ["opened4"] = [(6, 80, 2, 120)],
        ["opened6"] = [(6, 80, 1, 60)],
    };

    private readonly Dictionary<string, string> _files = new()
    {
        ["/proc/uptime"] = "12.34 5.6\n",
        ["/proc/loadavg"] = "0.10 0.20 0.30 1/100 4242\n",
        ["/proc/sys/kernel/random/boot_id"] = "11111111-2222-3333-4444-555555555555\n",
        ["/proc/sys/net/netfilter/nf_conntrack_count"] = "3\n",
        ["/proc/sys/net/netfilter/nf_conntrack_max"] = "65536\n",
        ["/sys/class/net/wg0/ifindex"] = "5\n",
    };

    [Fact]
    public void Everything_is_told_as_the_controller_reads_it() =>
        Assert.Equal(
            "\"boot\":\"11111111-2222-3333-4444-555555555555\",\"uptime_s\":12.34,\"load\":[0.10,0.20,0.30],"
                + "\"ports\":[[4,6,80,5,300,4,4000,2,1],[6,6,80,0,0,0,0,1,1]],\"counters\":{\"dropped\":[3,180]},"
                + "\"peers\":[{\"key\":\"key\",\"handshake\":7,\"rx\":8,\"tx\":9}],"
                + "\"backends\":[{\"listener\":\"tcp-80-ipv4\",\"server\":\"vm1\",\"up\":true,\"current\":2,\"total\":17},"
                + "{\"listener\":\"tcp-80-ipv4\",\"server\":\"vm2\",\"up\":false,\"current\":0,\"total\":0}],\"conntrack\":{\"count\":3,\"max\":65536}",
            Read()
        );

    [Fact]
    public void A_machine_with_nothing_is_still_an_answer()
    {
        _files.Clear();
        _sets.Clear();
        using var answer = JsonDocument.Parse(
            $"{{{Statistics.Read(Sources() with { Dump = (_, _) => [], Ask = (_, _) => null, Run = (_, _) => null }, "/run/chatops-haproxy/haproxy.sock")}}}"
        );
        Assert.Equal(0, answer.RootElement.GetProperty("ports").GetArrayLength());
    }

    private string Read()
    {
        var text = Statistics.Read(Sources(), "/run/chatops-haproxy/haproxy.sock");
        using var json = JsonDocument.Parse($"{{{text}}}");
        return text;
    }

    private StatisticsSources Sources() =>
        new()
        {
            Run = (program, _) => program == "wg" ? "private\tpublic\t51820\toff\nkey\t(none)\t(none)\t10.1.0.2/32\t7\t8\t9\toff\n" : null,
            Ask = (path, question) => path == "/run/chatops-haproxy/haproxy.sock" && question == "show stat -1 4 -1\n" ? Csv : null,
            File = path => _files.GetValueOrDefault(path),
            Dump = Dump,
            Flows = () =>
                [
                    FlowTo("203.0.113.10", "198.51.100.7"),
                    FlowTo("203.0.113.10", "198.51.100.7") with
                    {
                        IsOver = true,
                    },
                    FlowTo("2001:db8::10", "2001:db8:66::7"),
                    FlowTo("192.0.2.80", "10.1.0.2"),
                ],
            Own = [IPAddress.Parse("203.0.113.10"), IPAddress.Parse("2001:db8::10")],
        };

    private static Flow FlowTo(string to, string from) =>
        new(Protocol.Tcp, IPAddress.Parse(from), 50000, IPAddress.Parse(to), 80, IPAddress.Parse(to), IPAddress.Parse(from));

    // As the kernel answers: elements in one list, each with a key of two registers and a counter.
    private IReadOnlyList<byte[]> Dump(int kind, byte[] request)
    {
        if (kind == 19)
            return
            [
                [
                    .. Attributes.Of(1, "chatops\0"u8),
                    .. Attributes.Of(2, "dropped\0"u8),
                    .. Attributes.Of(3, [0, 0, 0, 1]),
                    .. Attributes.Of(4, Counted(3, 180)),
                ],
            ];
        var length = BinaryPrimitives.ReadUInt16LittleEndian(request.AsSpan(12)) - 4;
        var set = Encoding.ASCII.GetString(request, 16, length).TrimEnd('\0');
        return _sets.TryGetValue(set, out var elements) ? [Attributes.Of(3, [.. elements.SelectMany(Element)])] : [];
    }

    private static byte[] Element((byte Protocol, ushort Port, long Packets, long Bytes) e)
    {
        var key = Attributes.Of(1, Attributes.Of(1, [e.Protocol, 0, 0, 0, (byte)(e.Port >> 8), (byte)e.Port, 0, 0]));
        byte[] counter =
            e.Packets == 0 ? [] : Attributes.Of(7, [.. Attributes.Of(1, "counter\0"u8), .. Attributes.Of(2, Counted(e.Packets, e.Bytes))]);
        return Attributes.Of(1, [.. key, .. counter]);
    }

    private static byte[] Counted(long packets, long bytes) => [.. Attributes.Of(1, Number(bytes)), .. Attributes.Of(2, Number(packets))];

    private static byte[] Number(long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes;
    }
}
