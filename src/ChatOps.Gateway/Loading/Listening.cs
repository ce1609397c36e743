using System.Globalization;
using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Reading;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Loading;

/// <summary>
/// Who listens. Whether anybody does, /proc/net says; which service it is, the kernel knows and "ss" shows; which process, "ss -p" finds
/// out by going through the open files of all of them. So each is asked only when the one before has not settled it.
/// </summary>
internal static class Listening
{
    /// <summary>
    /// A sentence about the first port that a stranger holds of those that open, or that an engine of ours is to listen on; null when none
    /// is held.
    /// </summary>
    public static string? Held(Reading.Plan plan)
    {
        if (plan.New.Count + plan.Bound.Count == 0)
            return null;
        var there = There();
        return plan.New.Concat(plan.Bound).Any(there.Contains) ? Ask(lines => Sockets.Held(plan.New, plan.Bound, lines, EngineOf)) : null;
    }

    /// <summary>A sentence about the first listener of a revision that its engine does not hold; null when all are there.</summary>
    public static string? Missing(RevisionFolder folder) => Missing(Listeners.Parse(folder.Bytes("listeners"), out _));

    /// <summary>
    /// A reload that "succeeds" may have left the old listeners (a port that was taken), so the sockets themselves are looked at, for 1.5
    /// s.
    /// </summary>
    public static void Check(Change change)
    {
        // What somebody else had before is no fault of this change, and drift tells of it.
        var held = HeldPorts.All();
        var listeners = Listeners.Parse(change.New.Bytes("listeners"), out _).Where(l => !held.Contains(l)).ToList();
        if (listeners.Count == 0)
            return;
        const int milliseconds = 1500,
            afresh = 1250;
        var (start, isAfresh) = (Environment.TickCount64, false);
        for (var pause = 5; ; pause = Math.Min(2 * pause, 50))
        {
            var there = There();
            var isAllThere = listeners.All(l => there.Contains(new(l.Protocol, l.Family, l.Port)));
            if (isAllThere && Missing(listeners) is null)
                return;
            var passed = Environment.TickCount64 - start;
            if (passed > milliseconds && Missing(listeners) is { } text)
            {
                change.Fail("listeners", WithLastWords(text));
                return;
            }

            // On the way back nothing is left to lose: a fresh start instead of a reload.
            if (passed > afresh && change.KeepsGoing && !isAfresh && Missing(listeners) is { } silent)
            {
                change.Systemd.Restart($"chatops-{EngineIn(silent)}.service");
                (isAfresh, start) = (true, Environment.TickCount64 - afresh);
            }

            Thread.Sleep(pause);
        }
    }

    /// <summary>
    /// Old workers hold their listeners some milliseconds longer. If HAProxy finds the port taken it tells its own old worker to pause,
    /// which stops the listeners that the new one has inherited: it "runs" and does not listen (2.6).
    /// </summary>
    public static void AwaitRelease(RevisionFolder folder, string engine)
    {
        var listeners = Listeners.Parse(folder.Bytes("listeners"), out _);
        for (var tries = 0; tries < 100; tries++)
        {
            Listener? held = null;
            Ask(lines => (held = Sockets.Unreleased(listeners, engine, lines, EngineOf)) is { } l ? $"{l}" : null);
            if (held is null)
                return;
            Thread.Sleep(10);
        }
    }

    private static string? Missing(IReadOnlyList<Listener> listeners) =>
        listeners.Count == 0 ? null : Ask(lines => Sockets.Missing(listeners, lines, EngineOf));

    private static string? Ask(Func<string[], string?> look) => look(Lines("-Hlntu", "--cgroup")) is null ? null : look(Lines("-Hlntup"));

    private static string[] Lines(params ReadOnlySpan<string> options) =>
        Command.Run("ss", options).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string? EngineOf(int process) => Files.Text($"/proc/{process}/cgroup") is { } text ? Sockets.EngineOf(text) : null;

    // "nothing of ENGINE listens on ..."
    private static string EngineIn(string text) => text.Split(' ') is [_, _, var engine, ..] ? engine : "";

    private static string WithLastWords(string text) =>
        Places.Daemons.Any(f => Daemons.NameOf(f) == EngineIn(text)) ? $"{text}\n{Daemons.LastWords($"chatops-{EngineIn(text)}")}" : text;

    // Ports at which anybody listens, whatever the address. An IPv6 wildcard may take IPv4 too.
    private static HashSet<PublicPort> There()
    {
        var there = new HashSet<PublicPort>();
        foreach (var (file, protocol, family) in Tables)
        {
            // A listening socket of TCP is in state 0A, one of UDP that anybody may send to in 07.
            var state = protocol == Protocol.Tcp ? " 0A " : " 07 ";
            foreach (var line in Files.Lines(file))
            {
                var at = line.IndexOf(':') + 2;
                var colon = at > 1 ? line.IndexOf(':', at) : -1;
                if (colon < 0 || !line.AsSpan(colon).Contains(state, StringComparison.Ordinal))
                    continue;
                if (!int.TryParse(line.AsSpan(colon + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var port))
                    continue;
                there.Add(new(protocol, family, port));
                if (family == 6)
                    there.Add(new(protocol, 4, port));
            }
        }

        return there;
    }

    private static readonly (string File, Protocol Protocol, int Family)[] Tables =
    [
        ("/proc/net/tcp", Protocol.Tcp, 4),
        ("/proc/net/tcp6", Protocol.Tcp, 6),
        ("/proc/net/udp", Protocol.Udp, 4),
        ("/proc/net/udp6", Protocol.Udp, 6),
    ];
}
