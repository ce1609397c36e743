using System.Text.Json;
using ChatOps.Bot.Configuration;
using ChatOps.Proof.Keeping;

namespace ChatOps.Local.Backups;

/// <summary>
/// The folder with all that an installation must not lose. One process at a time has it; whoever opens it next finishes a restore that was
/// cut short after it was decided, and clears away one that was cut short before.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string Journal = "restoring.json";
    private const string Lock = "lock";

    /// <summary>The beginning of names of folders that hold what was there before a restore.</summary>
    public const string Before = "before-restore-";

    private const string Unfinished = ".new";

    // What the system says when another process has locked a file (EAGAIN).
    private const int IsLocked = 11;

    private const UnixFileMode Group = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    public string Log => LogIn(Path);

    public ProofFiles Files => new(Log);

    public static string LogIn(string folder) => System.IO.Path.Combine(folder, "log.db");

    /// <summary>
    /// Who may look into a data folder that should not, and what to do, as a sentence; null when it is its owner's alone, or as systemd has
    /// made it.
    /// </summary>
    public static string? WiderThanOwner(string folder)
    {
        var mode = new DirectoryInfo(folder).UnixFileMode;
        var isMadeForGroup = (mode & Others) == 0 && IsStateDirectory(folder);
        return (mode & (Group | Others)) == 0 || isMadeForGroup
            ? null
            : $"{folder} is open to others on this machine (mode {Convert.ToString((int)mode, 8)}). Next: chmod 700 {folder}";
    }

    /// <summary>Where it is kept where cards stand on Discord.</summary>
    public static string NotesIn(string folder) => System.IO.Path.Combine(folder, "discord.db");

    /// <summary>Where it is kept what was typed at the terminal.</summary>
    public static string TypedIn(string folder) => System.IO.Path.Combine(folder, "typed");

    /// <summary>Takes the folder, and makes it when it is not there.</summary>
    /// <exception cref="ConfigurationException">Another process has it, or it cannot be written to.</exception>
    public static DataFolder Open(string path)
    {
        FileStream? taken = null;
        try
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            taken = Take(path);
            var folder = new DataFolder(path, taken);
            folder.Finish(_ => { });
            folder.Clear();
            folder.Tighten();
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            taken?.Dispose();
            throw new ConfigurationException(
                $"{path}: {e.Message.TrimEnd('.')}. Nothing was started. Next: {StartFault.WhatNext(path, e)}",
                e
            );
        }
    }

    /// <summary>A new folder inside for what is being made; cleared away when it is left behind.</summary>
    public static DirectoryInfo Stage(string path, string purpose) =>
        Directory.CreateDirectory(
            System.IO.Path.Combine(path, $"{purpose}-{Guid.NewGuid():N}{Unfinished}"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );

    /// <summary>
    /// Puts what a staged folder holds in the place of all that is here, which goes into a folder of its own. It is decided by one rename;
    /// killed before, nothing has happened, and killed after, the next to open the folder finishes it.
    /// </summary>
    /// <param name="staged">A folder of <see cref="Stage"/>.</param>
    /// <param name="stamp">The time, for the name of the folder with what was here.</param>
    /// <returns>Where that is now; null when there was nothing.</returns>
    public string? Replace(DirectoryInfo staged, string stamp, Action<string> step)
    {
        var former = Directory
            .EnumerateFileSystemEntries(Path)
            .Select(e => System.IO.Path.GetFileName(e))
            .Where(n => !StaysHere(n))
            .Order(StringComparer.Ordinal)
            .ToArray();
        var parts = staged.EnumerateFileSystemInfos().Select(e => e.Name).Order(StringComparer.Ordinal).ToArray();
        var before = Before + stamp;
        for (var i = 2; Directory.Exists(In(before)); i++)
            before = $"{Before}{stamp}-{i}";
        var move = new Move(staged.Name, former.Length == 0 ? null : before, former, parts);
        var draft = In(Journal + Unfinished);
        using (
            var file = new FileStream(
                draft,
                new FileStreamOptions
                {
                    Mode = FileMode.Create,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            )
        )
        {
            JsonSerializer.Serialize(file, move);
            file.Flush(flushToDisk: true);
        }

        step("drafted");
        File.Move(draft, In(Journal), overwrite: true);
        step("decided");
        Finish(step);
        return move.Before is null ? null : In(before);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static FileStream Take(string path)
    {
        var at = System.IO.Path.Combine(path, Lock);
        try
        {
            return new FileStream(
                at,
                new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.None,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            );
        }
        catch (IOException e) when (e.HResult == IsLocked)
        {
            throw new ConfigurationException(
                $"{path}: another chatops has this folder. Next: end it first (systemctl stop chatops, or Ctrl-C where it runs), or name another folder by --data",
                e
            );
        }
    }

    // Each move is done or not: whoever comes later goes on where it was cut short.
    private void Finish(Action<string> step)
    {
        if (!File.Exists(In(Journal)))
            return;
        var move = JsonSerializer.Deserialize<Move>(File.ReadAllText(In(Journal))) ?? throw new IOException($"{Journal} is empty");
        if (move.Before is { } before)
        {
            Directory.CreateDirectory(In(before), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            foreach (var name in move.Former)
                Rename(In(name), System.IO.Path.Combine(In(before), name), step);
        }

        foreach (var name in move.Parts)
            Rename(System.IO.Path.Combine(In(move.Staged), name), In(name), step);
        File.Delete(In(Journal));
        step("done");
        if (Directory.Exists(In(move.Staged)))
            Directory.Delete(In(move.Staged), recursive: true);
    }

    private static void Rename(string from, string to, Action<string> step)
    {
        if (!System.IO.Path.Exists(from) || System.IO.Path.Exists(to))
            return;
        if (Directory.Exists(from))
            Directory.Move(from, to);
        else
            File.Move(from, to);
        step(System.IO.Path.GetFileName(to));
    }

    private void Clear()
    {
        foreach (var left in new DirectoryInfo(Path).EnumerateFileSystemInfos($"*{Unfinished}"))
        {
            if (left is DirectoryInfo folder)
                Clear(folder);
            else if (left.Name == Journal + Unfinished)
                left.Delete();
        }
    }

    private static void Clear(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (IOException) when (folder.Exists)
        {
            // A backup that is being made at this moment writes into it: its maker, or the next start, clears it away.
        }
    }

    private static readonly string[] Ours = ["log.", "discord.db", "traffic.db"];

    // What an earlier version, or a restore by hand, has left open to others.
    private void Tighten()
    {
        foreach (
            var file in new DirectoryInfo(Path).EnumerateFiles().Where(f => Ours.Any(o => f.Name.StartsWith(o, StringComparison.Ordinal)))
        )
        {
            if ((file.UnixFileMode & (Group | Others)) != 0)
                file.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
    }

    private static bool IsStateDirectory(string folder) =>
        (Environment.GetEnvironmentVariable("STATE_DIRECTORY") ?? "")
            .Split(':')
            .Contains(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder)));

    private static bool StaysHere(string name) =>
        name is Lock or Journal || name.EndsWith(Unfinished, StringComparison.Ordinal) || name.StartsWith(Before, StringComparison.Ordinal);

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private sealed record Move(string Staged, string? Before, string[] Former, string[] Parts);
}
