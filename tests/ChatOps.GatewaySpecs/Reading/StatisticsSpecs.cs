using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json;
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
        ["/proc/net/nf_conntrack"] = "ipv4     2 tcp      6 431999 ESTABLISHED src=198.51.100.7 dst=203.0.113.10 sport=50000 dport=80 src=10.1.0.2 dst=203.0.113.10 sport=8080 dport=50000 [ASSURED] mark=0 zone=0 use=2\n"
            + "ipv4     2 tcp      6 100 TIME_WAIT src=198.51.100.7 dst=203.0.113.10 sport=50001 dport=80 src=10.1.0.2 dst=203.0.113.10 sport=8080 dport=50001 [ASSURED] mark=0 zone=0 use=2\n"
            + "ipv6     10 tcp      6 431999 ESTABLISHED src=2001:0db8:0066:0000:0000:0000:0000:0007 dst=2001:0db8:0000:0000:0000:0000:0000:0010 sport=50000 dport=80 src=2001:0db8:0000:0000:0000:0000:0000:0010 dst=2001:0db8:0066:0000:0000:0000:0000:0007 sport=80 dport=50000 [ASSURED] mark=0 zone=0 use=2\n"
            + "ipv4     2 tcp      6 431999 ESTABLISHED src=10.1.0.2 dst=192.0.2.80 sport=50000 dport=80 src=192.0.2.80 dst=203.0.113.10 sport=80 dport=50000 [ASSURED] mark=0 zone=0 use=2\n",
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
    public void Where_the_kernel_has_no_list_of_flows_conntrack_is_asked()
    {
        var flow = _files["/proc/net/nf_conntrack"].Split('\n')[0];
        _files.Remove("/proc/net/nf_conntrack");
        Assert.Contains("[4,6,80,5,300,4,4000,2,1]", Read(flow["ipv4     2 ".Length..]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_with_nothing_is_still_an_answer()
    {
        _files.Clear();
        _sets.Clear();
        using var answer = JsonDocument.Parse($"{{{Statistics.Read(Sources("") with { Dump = (_, _) => [], Ask = (_, _) => null, Run = (_, _) => null }, "/run/chatops-haproxy/haproxy.sock")}}}");
        Assert.Equal(0, answer.RootElement.GetProperty("ports").GetArrayLength());
    }

    private string Read(string conntrack = "")
    {
        var text = Statistics.Read(Sources(conntrack), "/run/chatops-haproxy/haproxy.sock");
        using var json = JsonDocument.Parse($"{{{text}}}");
        return text;
    }

    private StatisticsSources Sources(string conntrack) =>
        new()
        {
            Run = (program, arguments) =>
                program == "wg" ? "private\tpublic\t51820\toff\nkey\t(none)\t(none)\t10.1.0.2/32\t7\t8\t9\toff\n"
                : program == "conntrack" && arguments.SequenceEqual(["-L", "-f", "ipv4"]) ? conntrack
                : null,
            Ask = (path, question) => path == "/run/chatops-haproxy/haproxy.sock" && question == "show stat -1 4 -1\n" ? Csv : null,
            File = path => _files.GetValueOrDefault(path),
            Dump = Dump,
            Own = [IPAddress.Parse("203.0.113.10"), IPAddress.Parse("2001:db8::10")],
        };

    // As the kernel answers: elements in one list, each with a key of two registers and a counter.
    private IReadOnlyList<byte[]> Dump(int kind, byte[] request)
    {
        if (kind == 19)
            return [[.. Attribute(1, "chatops\0"u8), .. Attribute(2, "dropped\0"u8), .. Attribute(3, [0, 0, 0, 1]), .. Attribute(4, Counted(3, 180))]];
        var length = BinaryPrimitives.ReadUInt16LittleEndian(request.AsSpan(12)) - 4;
        var set = Encoding.ASCII.GetString(request, 16, length).TrimEnd('\0');
        return _sets.TryGetValue(set, out var elements) ? [Attribute(3, [.. elements.SelectMany(Element)])] : [];
    }

    private static byte[] Element((byte Protocol, ushort Port, long Packets, long Bytes) e)
    {
        var key = Attribute(1, Attribute(1, [e.Protocol, 0, 0, 0, (byte)(e.Port >> 8), (byte)e.Port, 0, 0]));
        byte[] counter = e.Packets == 0 ? [] : Attribute(7, [.. Attribute(1, "counter\0"u8), .. Attribute(2, Counted(e.Packets, e.Bytes))]);
        return Attribute(1, [.. key, .. counter]);
    }

    private static byte[] Counted(long packets, long bytes) => [.. Attribute(1, Number(bytes)), .. Attribute(2, Number(packets))];

    private static byte[] Number(long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        var attribute = new byte[(value.Length + 7) & ~3];
        BinaryPrimitives.WriteUInt16LittleEndian(attribute, (ushort)(value.Length + 4));
        BinaryPrimitives.WriteUInt16LittleEndian(attribute.AsSpan(2), type);
        value.CopyTo(attribute.AsSpan(4));
        return attribute;
    }
}
