using ChatOps.Gateway.Reading;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Loading;

/// <summary>
/// What is open for a time closes here, whether or not anybody is there to ask for it. A revision's file <c>lifetimes</c> says until when;
/// its configuration stays as it is. What has ended is kept from clients in two places: ports are in the firewall's set <c>ended</c>, which
/// stands before DNAT and before the proxies; a web address, which shares its ports, has a file in /run/chatops/ended that its location, or
/// its server where TLS is passed through, includes in nginx.conf. Both are gone after a reboot and are made anew, from the clock and from
/// what is kept on the disk, before anything of ours answers.
/// </summary>
internal sealed class Ending(Judgement judged)
{
    public static readonly Ending None = new(new([], [], [], null));

    public Judgement Judged { get; } = judged;

    /// <summary>The ports that are closed, as nft wants them.</summary>
    private string Ports { get; } =
        string.Join(", ", judged.Shut.Where(s => s.Kind != "web").Select(s => $"{s.Kind} . {s.Name}").Order(StringComparer.Ordinal));

    /// <summary>Which transaction makes the set what has ended.</summary>
    private string Elements =>
        $"flush set inet chatops ended\n{(Ports.Length > 0 ? $"add element inet chatops ended {{ {Ports} }}\n" : "")}";

    public static Ending Of(RevisionFolder folder, long confirmed)
    {
        if (!folder.Has("lifetimes"))
            return None;
        // Rather too early than never.
        var opened = folder.ConfirmedAt
            ?? (folder.Name == $"{confirmed}" ? new DateTimeOffset(File.GetLastWriteTimeUtc(folder["lifetimes"])).ToUnixTimeSeconds() : 0);
        return new(Lifetimes.Judge(Places.Now, opened, Files.Lines(Places.Ended), folder.Lines("lifetimes")));
    }

    /// <summary>Makes the files that nginx.conf includes; nginx reads them when it reads its own.</summary>
    public void LoadWeb(Change change)
    {
        var names = Judged.Shut.Where(s => s.Kind == "web").Select(s => $"{s.Name}.conf").ToHashSet();
        if (names.Count == 0 && !Directory.Exists(Places.EndedWeb))
            return;
        var isMoved = false;
        try
        {
            Directory.CreateDirectory(Places.EndedWeb);
            File.SetUnixFileMode(Places.EndedWeb, (UnixFileMode)0b111_101_101);
            foreach (
                var path in Directory.EnumerateFiles(Places.EndedWeb, "*.conf").Where(p => !names.Contains(Path.GetFileName(p))).ToList()
            )
            {
                File.Delete(path);
                isMoved = true;
            }

            foreach (var path in names.Select(n => $"{Places.EndedWeb}/{n}").Where(p => !File.Exists(p)))
            {
                // There is no answer but the end to a client that has not agreed on TLS.
                File.WriteAllText(
                    path,
                    Path.GetFileName(path).StartsWith("tls-", StringComparison.Ordinal) ? "deny all;\n" : "return 404;\n"
                );
                isMoved = true;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            change.Fail("lifetimes", $"cannot write to {Places.EndedWeb}: {e.Message}");
        }

        if (isMoved && change.New.Has("nginx.conf") && !change.Changed.Contains("nginx.conf"))
            change.Changed.Add("nginx.conf");
    }

    /// <summary>A whole table with the set in the same transaction: what has ended is not open for a moment.</summary>
    public string Behind(string table) => Ports.Length > 0 ? $"{table}\n{Elements}" : table;

    public void NoteLoaded() => File.WriteAllText(Places.EndedLoaded, $"{Ports}\n");

    /// <summary>Makes the set what has ended, for a table that has not been loaded as a whole just now.</summary>
    public void LoadPorts(Change change)
    {
        if ((Files.Line(Places.EndedLoaded) ?? "") == Ports)
            return;
        if (Command.RunWith(Elements, "nft", "-f", "-") is { IsOk: false } refused)
            change.Fail("lifetimes", refused.Said);
        else
            NoteLoaded();
    }

    /// <summary>
    /// A timer for the next end, on the wall clock. A moment that has passed never comes for it, so at the earliest in a second. One that
    /// is late or not needed any more finds nothing to do.
    /// </summary>
    public void WakeUp(Change change)
    {
        if (Judged.Next is not { } next)
            return;
        next = Math.Max(next, Places.Now + 1);
        var unit = $"chatops-lapse-{next}";
        if (change.Systemd.IsActive($"{unit}.timer"))
            return;
        var timer = new TimerUnit(unit, "ChatOps: close what is open until now", [Places.Program, "lapse"]) { At = next, RetrySeconds = 5 };
        if (change.Systemd.TryArm(timer) is { } text && !change.Systemd.IsActive($"{unit}.timer"))
            change.Fail("lifetimes", $"cannot arm the timer that closes what is open for a time: {text}");
    }
}
