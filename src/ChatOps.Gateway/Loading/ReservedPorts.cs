using System.Globalization;
using System.Text;
using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Loading;

/// <summary>
/// The ports of our listeners are none that the kernel takes for this machine's own connections: one of them would keep a proxy from
/// starting, with all that it serves. What others have reserved stays so.
/// </summary>
internal static class ReservedPorts
{
    private const string Setting = "/proc/sys/net/ipv4/ip_local_reserved_ports";
    private const string Range = "/proc/sys/net/ipv4/ip_local_port_range";

    // What it takes in one go is less than a page; what is written behind the first is taken as well.
    private const int Longest = 4000;

    private static readonly string[] Connected = ["tcp", "tcp6", "udp", "udp6"];

    public static void Load(Change change)
    {
        if (!change.IsBoot && !change.All && !change.Lists.Contains("listeners"))
            return;
        var (before, now) = (PortsOf(change.Old), PortsOf(change.New));
        try
        {
            var theirs = Reserved().Except(before);
            var all = Joined(theirs.Concat(now.Where(Local())));
            using var setting = new FileStream(Setting, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            for (var start = 0; start <= all.Length; )
            {
                var end = all.Length - start > Longest ? all.LastIndexOf(',', start + Longest) : all.Length;
                setting.Write(Encoding.ASCII.GetBytes($"{all[start..end]}\n"));
                start = end + 1;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Journal.Say($"cannot reserve the ports of our listeners: {e.Message}");
        }
    }

    /// <summary>A sentence about a new listener's port that a connection of this machine itself has; null when none has.</summary>
    public static string? InUse(Change change)
    {
        var before = Listeners.Parse(change.Old.Bytes("listeners"), out _).ToHashSet();
        var added = Listeners.Parse(change.New.Bytes("listeners"), out _).Where(l => !before.Contains(l)).ToList();
        if (added.Count == 0)
            return null;
        var taken = Connected.SelectMany(Taken).ToHashSet();
        foreach (var l in added.Where(l => taken.Contains((l.Protocol, l.Port))))
        {
            var name = Rows.NameOf(l.Protocol);
            var lines = Command
                .Run("ss", "-Hnp", l.Protocol == Protocol.Tcp ? "-t" : "-u", "state", "connected", "sport", "=", $":{l.Port}")
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (lines.FirstOrDefault(line => !line.Contains("time-wait", StringComparison.OrdinalIgnoreCase)) is not { } line)
                continue;
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var peer = words.LastOrDefault(w =>
                w.Contains(':', StringComparison.Ordinal) && !w.StartsWith("users:", StringComparison.Ordinal)
            );
            var who = words.FirstOrDefault(w => w.StartsWith("users:", StringComparison.Ordinal))?["users:".Length..].Trim('(', ')')
                ?? "the kernel";
            return $"{name} {l.Port} is held by a connection of this gateway itself to {peer} ({who}); it is free when that ends";
        }

        return null;
    }

    // Of sockets that neither listen nor wait for their end.
    private static IEnumerable<(Protocol, int)> Taken(string table)
    {
        foreach (var words in Files.Lines($"/proc/net/{table}").Skip(1).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (
                words.Length > 3
                && words[3] is not ("0A" or "06" or "07")
                && int.TryParse(
                    words[1][(words[1].LastIndexOf(':') + 1)..],
                    NumberStyles.HexNumber,
                    CultureInfo.InvariantCulture,
                    out var port
                )
            )
                yield return (table[0] == 't' ? Protocol.Tcp : Protocol.Udp, port);
        }
    }

    private static List<int> PortsOf(RevisionFolder revision) =>
        [.. Listeners.Parse(revision.Bytes("listeners"), out _).Select(l => l.Port)];

    // The kernel gives as much as is asked for the first time, and nothing the second.
    private static string ReadAtOnce()
    {
        var all = new byte[1 << 19];
        using var setting = new FileStream(Setting, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        return Encoding.ASCII.GetString(all, 0, setting.Read(all));
    }

    // What is reserved now: numbers and ranges, with commas.
    private static IEnumerable<int> Reserved() =>
        from part in ReadAtOnce().Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries)
        let ends = part.Split('-')
        let first = int.Parse(ends[0], CultureInfo.InvariantCulture)
        from port in Enumerable.Range(first, int.Parse(ends[^1], CultureInfo.InvariantCulture) - first + 1)
        select port;

    // Those that the kernel would choose from.
    private static Func<int, bool> Local() =>
        (Files.Text(Range) ?? "").Split(['\t', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries) is [var low, var high]
        && (int.Parse(low, CultureInfo.InvariantCulture), int.Parse(high, CultureInfo.InvariantCulture)) is var (first, last)
            ? port => port >= first && port <= last
            : _ => true;

    // Neighbours together.
    private static string Joined(IEnumerable<int> ports)
    {
        var groups = new List<(int From, int To)>();
        foreach (var port in ports.Distinct().Order())
        {
            if (groups is [.., var end] && end.To == port - 1)
                groups[^1] = (end.From, port);
            else
                groups.Add((port, port));
        }

        return string.Join(',', groups.Select(g => g.From == g.To ? $"{g.From}" : $"{g.From}-{g.To}"));
    }
}
