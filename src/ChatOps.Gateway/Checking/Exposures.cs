using System.Text;

namespace ChatOps.Gateway.Checking;

internal enum Protocol : byte
{
    Tcp = 6,
    Udp = 17,
}

/// <summary>A line of "exposures": by which public port clients of a family (4 or 6) come in, what carries them, and where it
/// leads.</summary>
internal readonly record struct Exposure(Protocol Protocol, int Port, string Engine, int Family, string Address, int TargetPort);

/// <summary>A line of "listeners": a port that a proxy of ours holds on this machine, for clients of a family (4 or 6).</summary>
internal readonly record struct Listener(Protocol Protocol, int Family, int Port, string Engine);

/// <summary>The file "exposures": PROTO PORT ENGINE FAMILY TARGETADDR TARGETPORT.</summary>
internal static class Exposures
{
    private const string Form = "should be: PROTO PORT ENGINE FAMILY TARGETADDR TARGETPORT";

    /// <summary>The rows of the file, up to the first line that is wrong.</summary>
    public static IReadOnlyList<Exposure> Parse(ReadOnlySpan<byte> text, out Fault? fault)
    {
        var rows = new List<Exposure>(Rows.CountIn(text));
        var last = "";
        fault = Rows.Read(
            "exposures",
            text,
            6,
            (line, field) =>
            {
                if (
                    !Rows.TryReadProtocol(line[field[0]], out var protocol)
                    || !Addresses.TryReadPort(line[field[1]], out var port)
                    || EngineOf(line[field[2]]) is not { } engine
                    || !Rows.TryReadFamily(line[field[3]], out var family)
                    || !Ip.TryRead(line[field[4]], out _)
                    || !Addresses.TryReadPort(line[field[5]], out var targetPort)
                )
                    return Form;
                if (engine == "relay" && (protocol != Protocol.Tcp || family != 4))
                    return "a relay is for TCP of IPv4 clients";
                if (engine == "udprelay" && protocol != Protocol.Udp)
                    return "udprelay is for UDP";

                // Neighbours often lead to the same machine.
                var address = line[field[4]];
                if (!address.SequenceEqual(last))
                    last = address.ToString();
                rows.Add(new Exposure(protocol, port, engine, family, last, targetPort));
                return null;
            },
            Form
        );
        return rows;
    }

    /// <summary>Why a row may not be there, though it is well-formed, or null: its target is this machine, or none at all.</summary>
    public static string? Complaint(Exposure row, Machine machine) =>
        Ip.TryRead(row.Address, out var ip) ? machine.WhyNot(ip) : $"{row.Address} is not an address";

    private static string? EngineOf(ReadOnlySpan<char> text) =>
        text is "nftables" ? "nftables"
        : text is "relay" ? "relay"
        : Rows.ProxyOf(text) is { } proxy and not "unbound" ? proxy
        : null;
}

/// <summary>The file "listeners": PROTO FAMILY PORT ENGINE.</summary>
internal static class Listeners
{
    private const string Form = "should be: PROTO FAMILY PORT ENGINE";

    /// <summary>The rows of the file, up to the first line that is wrong.</summary>
    public static IReadOnlyList<Listener> Parse(ReadOnlySpan<byte> text, out Fault? fault)
    {
        var rows = new List<Listener>(Rows.CountIn(text));
        fault = Rows.Read(
            "listeners",
            text,
            4,
            (line, field) =>
            {
                if (
                    !Rows.TryReadProtocol(line[field[0]], out var protocol)
                    || !Rows.TryReadFamily(line[field[1]], out var family)
                    || !Addresses.TryReadPort(line[field[2]], out var port)
                    || Rows.ProxyOf(line[field[3]]) is not { } engine
                )
                    return Form;
                rows.Add(new Listener(protocol, family, port, engine));
                return null;
            },
            Form
        );
        return rows;
    }
}

/// <summary>Files of rows: words with one space between them, no comments, no empty lines.</summary>
internal static class Rows
{
    /// <summary>The engines that listen on this machine; all but the last for the public.</summary>
    public static readonly string[] Proxies = ["nginx", "haproxy", "udprelay", "dnsmasq", "pgbouncer", "kamailio", "unbound"];

    /// <summary>
    /// Whether an engine listens on all addresses at once, which cannot be where somebody else has the port on any of them; the others have
    /// addresses of their own.
    /// </summary>
    public static bool IsWildcard(string engine) => engine is "nginx" or "haproxy" or "udprelay" or "pgbouncer";

    /// <summary>What a row says against itself, or null.</summary>
    public delegate string? Row(ReadOnlySpan<char> line, ReadOnlySpan<Range> fields);

    /// <summary>Reads the rows up to the first one that has other than so many words, or says something against itself.</summary>
    public static Fault? Read(string file, ReadOnlySpan<byte> text, int count, Row row, string form)
    {
        if (Lines.Complaint(text) is { } complaint)
            return new Fault(file, complaint);
        Span<char> line = stackalloc char[Lines.Longest];
        Span<Range> fields = stackalloc Range[count + 1];
        for (var number = 1; !text.IsEmpty; number++)
        {
            var end = text.IndexOf((byte)'\n');
            var words = line[..Encoding.ASCII.GetChars(text[..end], line)];
            text = text[(end + 1)..];
            if ((((ReadOnlySpan<char>)words).Split(fields, ' ') == count ? row(words, fields) : form) is { } reason)
                return new Fault(file, $"line {number}: {reason}");
        }

        return null;
    }

    public static int CountIn(ReadOnlySpan<byte> text) => text.Count((byte)'\n');

    /// <summary>Reads "tcp" or "udp".</summary>
    public static bool TryReadProtocol(ReadOnlySpan<char> text, out Protocol protocol)
    {
        protocol = text is "tcp" ? Protocol.Tcp : Protocol.Udp;
        return text is "tcp" or "udp";
    }

    /// <summary>"tcp" or "udp".</summary>
    public static string NameOf(Protocol protocol) => protocol == Protocol.Tcp ? "tcp" : "udp";

    /// <summary>Reads "4" or "6".</summary>
    public static bool TryReadFamily(ReadOnlySpan<char> text, out int family)
    {
        family = text is "4" ? 4 : 6;
        return text is "4" or "6";
    }

    /// <summary>The engine of that name which listens on this machine, or null.</summary>
    public static string? ProxyOf(ReadOnlySpan<char> text)
    {
        foreach (var proxy in Proxies)
        {
            if (text.SequenceEqual(proxy))
                return proxy;
        }

        return null;
    }
}
