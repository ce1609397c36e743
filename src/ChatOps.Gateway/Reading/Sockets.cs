using System.Globalization;
using ChatOps.Gateway.Checking;

namespace ChatOps.Gateway.Reading;

/// <summary>Compares what should listen with what "ss -Hlntu --cgroup" or "ss -Hlntup" says. Which engine of ours a process belongs to, its
/// control group says, whatever it calls itself.</summary>
internal static class Sockets
{
    /// <summary>A sentence about the first wanted port that a stranger holds, or null; of <paramref name="bound"/>, which an engine of ours
    /// is to listen on, also one whom only this machine reaches. <paramref name="engineOf"/> says for a process id (from "ss -p") what
    /// <see cref="EngineOf"/> says of its control group.</summary>
    public static string? Held(
        IReadOnlyList<PublicPort> wanted,
        IReadOnlyList<PublicPort> bound,
        IEnumerable<string> lines,
        Func<int, string?> engineOf
    )
    {
        var seen = Seen.Of([.. wanted, .. bound], lines, engineOf, [.. bound]);
        foreach (var port in wanted.Concat(bound))
        {
            if (seen.Strangers.TryGetValue(port, out var stranger))
                return $"{Rows.NameOf(port.Protocol)} {port.Port} is held by {stranger}";
        }

        return null;
    }

    /// <summary>A sentence about the first listener that its engine does not hold, or null. It begins with "nothing of ENGINE ".</summary>
    public static string? Missing(IReadOnlyList<Listener> listeners, IEnumerable<string> lines, Func<int, string?> engineOf)
    {
        var seen = Seen.Of([.. listeners.Select(PortOf)], lines, engineOf);
        foreach (var l in listeners)
        {
            if (seen.Ours.Contains((PortOf(l), l.Engine)))
                continue;
            var text = $"nothing of {l.Engine} listens on {Rows.NameOf(l.Protocol)} {l.Port} (IPv{l.Family})";
            return seen.Strangers.TryGetValue(PortOf(l), out var stranger) ? $"{text}; it is held by {stranger}" : text;
        }

        return null;
    }

    /// <summary>The first listener of another engine that this engine still holds, or null.</summary>
    public static Listener? Unreleased(
        IReadOnlyList<Listener> listeners,
        string engine,
        IEnumerable<string> lines,
        Func<int, string?> engineOf
    )
    {
        var seen = Seen.Of([.. listeners.Select(PortOf)], lines, engineOf);
        foreach (var l in listeners)
        {
            if (l.Engine != engine && seen.Ours.Contains((PortOf(l), engine)))
                return l;
        }

        return null;
    }

    /// <summary>The engine of ours that a control group is of (a line of "/proc/PID/cgroup", or "cgroup:" of ss), or null.</summary>
    public static string? EngineOf(ReadOnlySpan<char> controlGroup)
    {
        foreach (var engine in Rows.Proxies)
        {
            if (controlGroup.Contains($"/chatops-{engine}.service", StringComparison.Ordinal))
                return engine;
        }

        return null;
    }

    private static PublicPort PortOf(Listener l) => new(l.Protocol, l.Family, l.Port);

    private sealed record Seen(Dictionary<PublicPort, string> Strangers, HashSet<(PublicPort, string)> Ours)
    {
        public static Seen Of(
            HashSet<PublicPort> wanted,
            IEnumerable<string> lines,
            Func<int, string?> engineOf,
            HashSet<PublicPort>? onLoopback = null
        )
        {
            var seen = new Seen([], []);
            var known = new Dictionary<int, string?>();
            foreach (var line in lines)
            {
                var field = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (field.Length < 5 || !Rows.TryReadProtocol(field[0], out var protocol))
                    continue;
                if (!TrySplit(field[4], out var address, out var port))
                    continue;
                var isLoopback = address.StartsWith("127.", StringComparison.Ordinal) || address == "[::1]";
                var ports = FamiliesOf(address)
                    .Select(f => new PublicPort(protocol, f, port))
                    .Where(p => isLoopback ? onLoopback?.Contains(p) == true : wanted.Contains(p))
                    .ToList();
                if (ports.Count > 0)
                    seen.Add(line, ports, id => known.TryGetValue(id, out var engine) ? engine : known[id] = engineOf(id));
            }

            return seen;
        }

        private void Add(string line, List<PublicPort> ports, Func<int, string?> engineOf)
        {
            string? stranger = null;
            var hasHolder = false;
            foreach (var (program, id) in Processes(line))
            {
                hasHolder = true;
                if (engineOf(id) is { } engine)
                    ports.ForEach(p => Ours.Add((p, engine)));
                else
                    stranger = $"{program} (pid {id})";
            }

            if (line.IndexOf("cgroup:", StringComparison.Ordinal) is var at and >= 0)
            {
                var end = line.IndexOf(' ', at);
                var group = end < 0 ? line[at..] : line[at..end];
                if (EngineOf(group) is { } engine)
                    ports.ForEach(p => Ours.Add((p, engine)));
                else
                    stranger = group;
            }
            else if (!hasHolder)
            {
                // A socket without a process is the kernel's own, such as WireGuard's.
                stranger = "the kernel";
            }

            if (stranger is not null)
                ports.ForEach(p => Strangers[p] = stranger);
        }

        // "*" is an IPv6 wildcard socket that takes IPv4 too.
        private static int[] FamiliesOf(string address) =>
            address == "*" ? [4, 6]
            : address.Contains(':', StringComparison.Ordinal) ? [6]
            : [4];

        private static bool TrySplit(string socket, out string address, out int port)
        {
            var colon = socket.LastIndexOf(':');
            port = 0;
            address = colon < 0 ? "" : socket[..colon];
            if (address.IndexOf('%', StringComparison.Ordinal) is var zone and >= 0)
                address = address[..zone];
            return colon >= 0 && Addresses.TryReadPort(socket.AsSpan(colon + 1), out port);
        }

        // users:(("nginx",pid=12,fd=6),("nginx",pid=13,fd=6))
        private static IEnumerable<(string Program, int Id)> Processes(string line)
        {
            const string Middle = "\",pid=";
            for (var at = StartIn(line, 0); at >= 0; at = StartIn(line, at + 2))
            {
                var middle = line.IndexOf(Middle, at, StringComparison.Ordinal);
                if (middle < 0)
                    yield break;
                var start = middle + Middle.Length;
                var end = start;
                while (end < line.Length && char.IsAsciiDigit(line[end]))
                    end++;
                if (int.TryParse(line.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                    yield return (line[(at + 2)..middle], id);
            }
        }

        private static int StartIn(string line, int from) => line.IndexOf("(\"", from, StringComparison.Ordinal);
    }
}
