using ChatOps.Gateway.Running;
using Microsoft.Win32.SafeHandles;

namespace ChatOps.Gateway.State;

/// <summary>
/// What this gateway was offered, runs and has confirmed. What must hold if this program is killed between any two steps, or the disk
/// fills, or the power goes: <c>current</c> leads to one whole revision, because a revision is complete before a single rename makes it
/// current; unless that one is the confirmed one, a timer is armed that goes back to <c>confirmed</c>, and so does a boot; the file
/// <c>unfinished</c> says that what runs may differ from <c>current</c>, and whoever comes next then loads everything.
/// </summary>
internal sealed class Store
{
    private Store(long running, long confirmed, long highest) => (Running, Confirmed, Highest) = (running, confirmed, highest);

    public long Running { get; private set; }

    public long Confirmed { get; private set; }

    /// <summary>Fencing: nothing older than this is taken.</summary>
    public long Highest { get; private set; }

    public RevisionFolder RunningFolder => RevisionFolder.Of(Running);

    public RevisionFolder ConfirmedFolder => RevisionFolder.Of(Confirmed);

    /// <summary>Whether a change died half-way, so that what runs may differ from <c>current</c>.</summary>
    public static bool IsUnfinished => Files.HasContent(Places.Unfinished);

    public bool IsSettled => Running == Confirmed && !IsUnfinished;

    /// <summary>Looks what runs. Every revision's folder says its own number.</summary>
    public static Store Look()
    {
        var running = Places.Number(Files.Line($"{Places.State}/current/revision"));
        var confirmed = Places.Number(Files.Line($"{Places.State}/confirmed/revision"));
        if (running is null || confirmed is null)
            throw new Refusal(
                "reading",
                "broken",
                $"{Places.State}/current or {Places.State}/confirmed does not lead to a revision; run install again"
            );
        // A gateway that has forgotten what it was offered must not take an old revision for a new one.
        var highest = Math.Max(Places.Number(Files.Line($"{Places.State}/highest")) ?? 0, running.Value);
        return new(running.Value, confirmed.Value, highest);
    }

    /// <summary>
    /// Takes the gateway for this program until it ends; from here on a lost connection does not stop it half-way.
    /// </summary>
    public static SafeFileHandle Lock(int seconds)
    {
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(
                $"{Places.State}/lock",
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.ReadWrite | FileShare.Delete
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Refusal("locking", "broken", $"cannot open {Places.State}/lock; is the gateway set up (install)?");
        }

        var end = Environment.TickCount64 + seconds * 1000L;
        for (; Libc.Lock(file, Libc.LockExclusive | Libc.LockNonBlocking) != 0; Thread.Sleep(5))
        {
            if (Environment.TickCount64 < end)
                continue;
            file.Dispose();
            throw new Refusal("locking", "busy", "busy: another change of this gateway is going on; try again");
        }

        const nint ignore = 1;
        foreach (var signal in (int[])[Libc.Hangup, Libc.Interrupt, Libc.Pipe, Libc.Terminate])
            _ = Libc.Signal(signal, ignore);
        return file;
    }

    /// <exception cref="IOException">It cannot be done.</exception>
    public void Run(long revision)
    {
        Point("current", revision);
        Running = revision;
    }

    /// <summary>Makes a revision the one to which a revert, the timer and a boot lead.</summary>
    /// <exception cref="IOException">It cannot be done.</exception>
    public void Confirm(long revision)
    {
        Point("confirmed", revision);
        Confirmed = revision;
    }

    /// <exception cref="IOException">The disk is full.</exception>
    public void Raise(long highest)
    {
        if (highest != Highest)
            Files.Put($"{Places.State}/highest", $"{highest}\n");
        Highest = highest;
    }

    /// <summary>Says that from now on what runs may differ from <c>current</c>. It is in memory: a full disk does not matter.</summary>
    public static void Begin(string what) => File.WriteAllText(Places.Unfinished, $"{what}\n");

    public static void Finish() => File.WriteAllText(Places.Unfinished, "");

    /// <summary>Notes why a revision no longer runs: "timer", "boot", "controller" or "failed".</summary>
    public static void Remember(long revision, string by)
    {
        var text = $$"""{"revision":{{revision}},"time":{{Places.Now}},"by":"{{by}}"}""" + "\n";
        if (Files.TryPut(Places.LastRevert, text))
            return;
        Files.Delete(Places.Reserve);
        if (!Files.TryPut(Places.LastRevert, text))
            Journal.Say("cannot write last-revert");
    }

    /// <summary>
    /// Has the kernel begin to write the running revision to the disk: a power cut before it ends leads back to the confirmed one.
    /// </summary>
    public void BeginSync()
    {
        foreach (var path in RunningFolder.ToSync().Append($"{Places.State}/highest"))
            Files.BeginSync(path);
    }

    /// <summary>Makes sure that the running revision survives a power cut.</summary>
    /// <exception cref="IOException">It might not.</exception>
    public void Persist()
    {
        RunningFolder.KeepDelivered();
        foreach (var path in (string[])[.. RunningFolder.ToSync(), Places.Revisions, $"{Places.State}/highest", Places.State])
            Files.Sync(path);
    }

    /// <summary>Keeps the last ten revisions and whatever is in use, and the room for the way back when the disk is full.</summary>
    public void Prune()
    {
        var numbers = Directory
            .EnumerateDirectories(Places.Revisions)
            .Select(p => Places.Number(p[(Places.Revisions.Length + 1)..]))
            .OfType<long>()
            .Order()
            .ToList();
        if (numbers.Count > 12)
        {
            foreach (var old in numbers.SkipLast(10).Where(n => n != 0 && n != Running && n != Confirmed))
                Files.DeleteFolder(RevisionFolder.Of(old).Path);
        }

        if (!Files.HasContent(Places.Reserve))
        {
            try
            {
                File.WriteAllBytes(Places.Reserve, new byte[65536]);
            }
            catch (IOException e)
            {
                Journal.Say($"no room for the way back on a full disk: {e.Message}");
            }
        }
    }

    /// <summary>Takes away what ended runs have left in /run/chatops.</summary>
    public static void Sweep()
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(Places.Run))
        {
            var name = path[(Places.Run.Length + 1)..];
            // Each bears the number of the process that made it.
            if (name.Split('.') is not ["bundle" or "drift" or "look", var process] || Directory.Exists($"/proc/{process}"))
                continue;
            Files.Delete(path);
            try
            {
                Files.DeleteFolder(path);
            }
            catch (IOException)
            {
                // Another call sweeps it at the same time.
            }
        }
    }

    /// <summary>Turns a link by one rename. With a full disk the reserve makes room for it.</summary>
    /// <exception cref="IOException">It cannot be done.</exception>
    public static void Point(string link, long revision)
    {
        var (next, target) = ($"{Places.State}/.{link}", $"{Places.State}/{link}");
        try
        {
            Turn();
        }
        catch (IOException)
        {
            Files.Delete(Places.Reserve);
            Turn();
        }

        void Turn()
        {
            Files.Delete(next);
            File.CreateSymbolicLink(next, $"revisions/{revision}");
            // Not File.Move, which would follow the link to a folder.
            if (Libc.Rename(next, target) != 0)
                throw new IOException(Libc.LastError);
        }
    }
}
