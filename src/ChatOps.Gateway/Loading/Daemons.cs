using ChatOps.Gateway.Datagrams;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Loading;

/// <summary>
/// The daemons that a revision runs besides nginx and HAProxy. A file of the bundle is a unit: dnsmasq.conf is read by chatops-dnsmasq, and
/// so on; the engine's name in the lists is the same.
/// </summary>
internal static class Daemons
{
    public static string NameOf(string file) => file[..file.LastIndexOf('.')];

    public static string UnitOf(string file) => $"chatops-{NameOf(file)}.service";

    /// <summary>
    /// Daemons that lose a port to somebody else let go of it before he comes; loading starts what is still wanted of them.
    /// </summary>
    public static void Release(Change change)
    {
        foreach (var file in Places.Daemons.Where(f => change.Plan.Moves.Any(m => m.From == NameOf(f))))
        {
            if (file != Places.UdpRelay || !Remain(change))
                change.Systemd.Stop(UnitOf(file));
        }
    }

    /// <summary>Those that take a port from nginx or HAProxy wait until their old workers have let it go.</summary>
    public static void Load(Change change)
    {
        foreach (var proxy in (string[])["nginx", "haproxy"])
        {
            if (change.Plan.Moves.Any(m => m.From == proxy))
                Listening.AwaitRelease(change.New, proxy);
        }

        foreach (var file in Places.Daemons)
            Load(change, file);
    }

    public static string LastWords(string unit) => Command.Run("journalctl", "-q", "-o", "cat", "-n", "6", "-u", unit).Output.TrimEnd();

    // pgbouncer and our own relay take a new file without ending sessions; the others keep no connections that a restart of some
    // milliseconds would hurt, or only such as are made again.
    private static void Load(Change change, string file)
    {
        var unit = UnitOf(file);
        if (!change.New.Has(file))
        {
            if (!change.Old.Has(file) && !change.All)
                return;
            change.IsTouched = true;
            change.FailIf(change.Systemd.Stop(unit), file);
            return;
        }

        var isActive = change.Systemd.IsActive(unit);
        if (isActive && !change.Has(file))
            return;
        change.IsTouched = true;
        if (isActive && file == "pgbouncer.ini" && HasSameSockets(change))
        {
            change.FailIf(change.Systemd.Reload(unit), file);
            return;
        }

        if (file == Places.UdpRelay)
        {
            Files.PutForAll(RelayControl.File, change.New.Text(file));
            var why = isActive ? RelayControl.Load() : null;
            if (isActive && why is null)
                return;
            // On the way back a fresh start is better than what was there.
            if (why is not null && !change.KeepsGoing)
                change.Fail(file, why);
        }

        change.Systemd.ResetFailed(unit);
        if (change.Systemd.Restart(unit) is { } text)
            change.Fail(file, LastWords(unit) is { Length: > 0 } said ? said : text);
    }

    // Our own relay lets go of what others will have, and goes on with what stays.
    private static bool Remain(Change change)
    {
        try
        {
            var after = RelayFile.Read(change.New.Text(Places.UdpRelay)).Select(p => p.Listen).ToHashSet();
            Files.PutForAll(
                RelayControl.File,
                RelayFile.Shown(RelayFile.Read(change.Old.Text(Places.UdpRelay)).Where(p => after.Contains(p.Listen)))
            );
            return RelayControl.Load() is null;
        }
        catch (FormatException)
        {
            // Somebody has edited what was there before.
            return false;
        }
    }

    // pgbouncer binds its sockets once.
    private static bool HasSameSockets(Change change) =>
        change.Old.Has("pgbouncer.ini") && Sockets(change.Old).SequenceEqual(Sockets(change.New));

    private static IEnumerable<string> Sockets(RevisionFolder folder) =>
        folder.Lines("pgbouncer.ini").Where(l => l.StartsWith("listen_", StringComparison.Ordinal));
}
