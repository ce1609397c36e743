using System.Globalization;
using System.Text.RegularExpressions;
using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Datagrams;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Loading;

/// <summary>
/// Ports of nginx and HAProxy that somebody else has when one of them starts. A single bind that fails keeps either from starting, with all
/// its other ports, so what it reads is its file with a socket of this machine in place of each such port. They are noted in
/// /run/chatops/held.ENGINE, as lines of "listeners", and looked at every second until they are free. Drift says that they are not served.
/// </summary>
internal static partial class HeldPorts
{
    private static readonly string[] Engines = ["nginx", "haproxy"];

    /// <summary>Lays a daemon's file where it reads it: for its unit, before it starts and before it reads its files again.</summary>
    /// <exception cref="Refusal">Something that it needs is missing; nothing was touched.</exception>
    public static string Lay(Systemd systemd, string engine)
    {
        if (!Engines.Contains(engine))
            return Databases.Lay();
        Offer(
            systemd,
            new RevisionFolder($"{Places.State}/current"),
            engine,
            isStart: systemd.MainProcess($"chatops-{engine}.service") is null
        );
        return """{"ok":true}""";
    }

    /// <summary>
    /// Lays what nginx or HAProxy is to read of a revision. Of one that runs, a port that it went without may still be held; of one that
    /// starts, each.
    /// </summary>
    public static void Offer(Systemd systemd, RevisionFolder folder, string engine, bool isStart = false)
    {
        var file = Places.FileOf(engine);
        var noted = Noted(engine);
        var asked = Listeners.Parse(folder.Bytes("listeners"), out _).Where(l => l.Engine == engine && l.Protocol == Protocol.Tcp).ToList();
        var held = isStart ? StillHeld(asked) : [.. asked.Where(l => noted.Contains(l) && !Wire.IsFree(l.Family, l.Port))];
        Files.PutForAll($"{Places.Run}/{file}", Without(engine == "nginx" ? NginxDialect.Of(folder.Text(file)) : folder.Text(file), held));
        if (held.Count == 0 && noted.Count == 0)
            return;
        Note(engine, held);
        foreach (var l in held.Where(l => !noted.Contains(l)))
            Journal.Say(
                $"{engine} goes without {Listening.Held(new([], [], [], [], [new(l.Protocol, l.Family, l.Port)])) ?? $"tcp {l.Port}, which is held"} (IPv{l.Family}), until that ends"
            );
        if (held.Count > 0)
            systemd.TryArm(
                new("chatops-regain", "ChatOps: serve ports again that somebody else has", [Places.Program, "regain"]) { Seconds = 1 }
            );
    }

    /// <summary>What is not served because somebody else has it.</summary>
    public static IReadOnlyCollection<Listener> All() =>
        [
            .. Engines.SelectMany(Noted),
            .. RelayControl.Waiting().Select(e => new Listener(Protocol.Udp, e.Address.Family, e.Port, "udprelay")),
        ];

    /// <summary>Whether nginx or HAProxy goes without a port.</summary>
    public static bool IsAnyNoted => Engines.Any(e => Noted(e).Count > 0);

    /// <summary>The engines that go without a port which is free by now.</summary>
    public static IReadOnlyList<string> Regainable() => [.. Engines.Where(e => Noted(e).Any(l => Wire.IsFree(l.Family, l.Port)))];

    public static HashSet<Listener> Noted(string engine) => [.. Listeners.Parse(Files.Bytes(NoteOf(engine)) ?? [], out _)];

    public static void Note(string engine, IEnumerable<Listener> held) =>
        Files.Put(
            NoteOf(engine),
            string.Concat(held.Select(l => string.Create(CultureInfo.InvariantCulture, $"tcp {l.Family} {l.Port} {engine}\n")))
        );

    /// <summary>A file of nginx or HAProxy with sockets that nobody comes to in place of some ports.</summary>
    public static string Without(string text, IReadOnlyCollection<Listener> held) =>
        held.Count == 0
            ? text
            : Listen()
                .Replace(text, match =>
                {
                    var family = match.Groups["address"].Value == "0.0.0.0" ? 4 : 6;
                    var port = int.Parse(match.Groups["port"].ValueSpan, CultureInfo.InvariantCulture);
                    if (!held.Any(l => l.Family == family && l.Port == port))
                        return match.Value;
                    return match.Groups["word"].Value == "listen"
                        ? $"{match.Groups["start"]}listen unix:{Places.NginxSockets}/held-{family}-{port}.sock"
                        : $"{match.Groups["start"]}bind unix@{Places.ProxySockets}/held-{family}-{port}.sock";
                });

    // Whoever was killed just now may hold his sockets for some milliseconds.
    private static List<Listener> StillHeld(List<Listener> asked)
    {
        var held = asked;
        for (var tries = 0; tries < 20; tries++)
        {
            held = [.. held.Where(l => !Wire.IsFree(l.Family, l.Port))];
            if (held.Count == 0)
                return held;
            Thread.Sleep(25);
        }

        return held;
    }

    private static string NoteOf(string engine) => $"{Places.Run}/held.{engine}";

    [GeneratedRegex(
        @"^(?<start> *)(?<word>listen|bind) (?<address>0\.0\.0\.0|::|\[::\]):(?<port>[0-9]+)(?: ipv6only=on| v6only)?",
        RegexOptions.Multiline
    )]
    private static partial Regex Listen();
}
