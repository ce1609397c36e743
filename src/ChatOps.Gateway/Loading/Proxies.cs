using ChatOps.Gateway.Receiving;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Loading;

/// <summary>
/// nginx and HAProxy, which take a new configuration without ending connections, and the order in which ports go from one to the other.
/// </summary>
internal static class Proxies
{
    private static readonly Proxy Nginx = new("nginx", "nginx.emerg", Libc.Hangup);
    private static readonly Proxy HaProxy = new("haproxy", "haproxy.messages", Libc.User2);

    public static void Load(Change change)
    {
        var moves = change.Plan.Moves;
        var (toNginx, toHaProxy) = (moves.Contains(new("haproxy", "nginx")), moves.Contains(new("nginx", "haproxy")));
        // A port that goes from one proxy to the other must be let go first; if they swap, HAProxy has to leave for a moment.
        if (toNginx && toHaProxy)
            change.Systemd.Stop("chatops-haproxy.service");
        var (first, second) = toNginx && !toHaProxy ? (HaProxy, Nginx) : (Nginx, HaProxy);
        Daemons.Release(change);
        change.Ending.LoadWeb(change);
        Relay.Load(change, change.New, IsRelaying(change.Systemd));
        Load(change, first);
        if (moves.Count > 0)
            Listening.AwaitRelease(change.New, first.Name);
        Load(change, second);
        Daemons.Load(change);
    }

    /// <summary>Whether HAProxy runs, so that its maps can be changed in it.</summary>
    public static bool IsRelaying(Systemd systemd) => Master(systemd, HaProxy) is not null;

    /// <summary>nginx alone, whose included files have changed.</summary>
    public static void LoadNginx(Change change) => Load(change, Nginx);

    /// <summary>A proxy that goes without a port of its own reads its file again, now that the port is free.</summary>
    public static void Regain(Change change, string engine)
    {
        var (proxy, before) = (engine == Nginx.Name ? Nginx : HaProxy, HeldPorts.Noted(engine));
        if (!change.New.Has(proxy.File))
            HeldPorts.Note(engine, []);
        if (!change.New.Has(proxy.File) || Master(change.Systemd, proxy) is null)
            return;
        change.Changed.Add(proxy.File);
        try
        {
            Load(change, proxy);
            Journal.Say(
                $"{engine} serves again: {string.Join(", ", before.Except(HeldPorts.Noted(engine)).Select(l => $"tcp {l.Port} (IPv{l.Family})"))}"
            );
        }
        catch (Refusal)
        {
            HeldPorts.Note(engine, before);
            throw;
        }
    }

    private static void Load(Change change, Proxy proxy)
    {
        var unit = proxy.Unit;
        var master = Master(change.Systemd, proxy);
        if (!change.New.Has(proxy.File))
        {
            if (master is null && !change.Has(proxy.File))
                return;
            change.IsTouched = true;
            change.FailIf(change.Systemd.Stop(unit), proxy.File);
        }
        else if (master is not { } process)
        {
            change.IsTouched = true;
            File.WriteAllText(proxy.Messages, "");
            Offer(change, proxy);
            change.Systemd.ResetFailed(unit);
            if (change.Systemd.Restart(unit) is { } text)
                change.Fail(proxy.File, proxy.Complaint([]) ?? text);
        }
        else if (change.Has(proxy.File))
        {
            change.IsTouched = true;
            // On the way back a fresh start is better than what was there.
            if (Reload(change, proxy, process) is { } text && !(change.KeepsGoing && change.Systemd.Restart(unit) is null))
                change.Fail(proxy.File, text);
        }
    }

    private static string? Reload(Change change, Proxy proxy, int master)
    {
        var before = Children(master);
        Offer(change, proxy);
        File.WriteAllText(proxy.Messages, "");
        // After a reload that failed HAProxy's master starts itself anew, and loses a signal that comes just then.
        if (change.KeepsGoing && proxy == HaProxy)
            Thread.Sleep(200);
        if (Libc.Kill(master, proxy.Signal) != 0)
            return $"no signal to {proxy.Name}: {Libc.LastError}";
        if (AwaitChild(change, proxy, master, before) is { } text)
            return text;
        if (proxy == Nginx)
            AwaitFarewell(before);
        return null;
    }

    // At most 3 s, in small steps first: most reloads are over in 30 ms; as many listeners take longer. On the way back it may still
    // complain about the revision that we leave: nginx tries to bind for 2.5 s before it takes the next signal.
    private static string? AwaitChild(Change change, Proxy proxy, int master, HashSet<int> before)
    {
        var patience = change.KeepsGoing ? 200 : 150;
        for (var tries = 0; ; tries++)
        {
            if (!Children(master).IsSubsetOf(before))
                return null;
            if (!change.KeepsGoing && proxy.Complaint(before) is { } text)
                return text;
            if (tries >= patience)
                return proxy.Complaint(before) ?? "no new worker";
            Thread.Sleep(tries < 40 ? 4 : 25);
        }
    }

    // New workers are there before nginx tells the old ones, which until then answer new clients as they did.
    private static void AwaitFarewell(HashSet<int> before)
    {
        var tries = 0;
        foreach (var child in before)
        {
            while (
                tries++ < 200
                && Files.Text($"/proc/{child}/cmdline") is { } text
                && !text.Contains("shutting down", StringComparison.Ordinal)
            )
                Thread.Sleep(4);
        }
    }

    // A copy, since not all of the file may be possible; HAProxy, which is not root, reads it in a folder where it cannot write.
    private static void Offer(Change change, Proxy proxy)
    {
        HeldPorts.Offer(change.Systemd, change.New, proxy.Name);
        if (proxy == HaProxy)
            Relay.OfferMaps();
    }

    // The process that the others of the service are children of, if it runs. Its own word for it, a pid file, is not taken: it could be
    // anything.
    private static int? Master(Systemd systemd, Proxy proxy) => systemd.MainProcess(proxy.Unit);

    private static HashSet<int> Children(int process) =>
        [
            .. (Files.Line($"/proc/{process}/task/{process}/children") ?? "")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(p => int.Parse(p, System.Globalization.CultureInfo.InvariantCulture)),
        ];

    // Which file it reads, where it says what is wrong, and which signal has it read again.
    private sealed record Proxy(string Name, string MessageFile, int Signal)
    {
        public string File => Places.FileOf(Name);

        public string Unit => $"chatops-{Name}.service";

        public string Messages => $"{Places.Run}/{MessageFile}";

        // What it says against its file. While it parses, HAProxy writes warnings too; only an alert is an end. It is nobody, and reads
        // nothing but its copy.
        public string? Complaint(HashSet<int> workers)
        {
            var lines = this == HaProxy ? Quoting.OfHaProxy(Files.Lines(Messages), workers) : [.. Files.Lines(Messages)];
            if (lines.Count == 0)
                return null;
            if (this != Nginx)
                return string.Join('\n', lines);
            Journal.Say($"nginx says: {string.Join('\n', lines)}");
            return Quoting.OfNginx(lines);
        }
    }
}
