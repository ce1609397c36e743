using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Values;
using IO = System.IO;

namespace ChatOps.Delivery.Folder;

/// <summary>
/// One gateway's folder: <c>revisions/N</c> hold what was switched to, <c>current</c> and <c>confirmed</c> point at one of them, and
/// <c>highest</c> holds the highest number that was ever offered.
/// </summary>
internal sealed class RevisionFolder(string path)
{
    private static readonly (string File, string Service)[] _services =
    [
        ("nftables.nft", "nftables"),
        ("nginx.conf", "nginx"),
        ("haproxy.cfg", "haproxy"),
        ("wg0.conf", "wireguard"),
        ("udprelay.conf", "udprelay"),
        ("dnsmasq.conf", "dnsmasq"),
        ("pgbouncer.ini", "pgbouncer"),
        ("kamailio.cfg", "kamailio"),
        ("unbound.conf", "unbound"),
        ("tayga.conf", "tayga"),
    ];

    private readonly Pointer _current = new(path, "current");
    private readonly Pointer _confirmed = new(path, "confirmed");

    public string Path => path;

    public string CurrentPath => _current.Path;

    /// <summary>The revision that is switched to; 0 before the first.</summary>
    public Revision Running
    {
        get => _current.Revision;
        set => _current.Revision = value;
    }

    /// <summary>The revision to come back to; 0 before the first.</summary>
    public Revision Confirmed
    {
        get => _confirmed.Revision;
        set => _confirmed.Revision = value;
    }

    private string HighestFile => IO.Path.Combine(path, "highest");

    public Revision Highest =>
        File.Exists(HighestFile) ? new(int.Parse(File.ReadAllText(HighestFile), NumberStyles.None, CultureInfo.InvariantCulture)) : default;

    /// <summary>Makes it when it is not there.</summary>
    public void Create() => Directory.CreateDirectory(IO.Path.Combine(path, "revisions"));

    /// <summary>Refuses what is older than any that was offered, or other files under the same number; else remembers the number.</summary>
    public GatewayAnswer.Refused? Fence(Revision revision, IReadOnlyDictionary<string, string> files)
    {
        if (revision.CompareTo(Highest) < 0)
            return new("fencing", "stale", $"revision {revision} is older than revision {Highest}, which was offered before", Running)
            {
                Highest = Highest,
            };
        if (Directory.Exists(FolderOf(revision)) && !Holds(FolderOf(revision), files))
            return new("fencing", "conflict", $"revision {revision} was applied before with other files", Running);
        // Whole or not at all, whenever this process dies.
        File.WriteAllText(HighestFile + ".new", revision.ToString());
        File.Move(HighestFile + ".new", HighestFile, overwrite: true);
        return null;
    }

    /// <summary>Writes the files where nothing points yet, readable by their owner alone; gives the folder.</summary>
    public string Draft(Revision revision, IReadOnlyDictionary<string, string> files)
    {
        var draft = FolderOf(revision) + ".draft";
        Delete(draft);
        Directory.CreateDirectory(draft);
        foreach (var (name, text) in files)
        {
            var file = IO.Path.Combine(draft, TarBundle.Flat(name));
            File.WriteAllText(file, text);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return draft;
    }

    /// <summary>What somebody has changed in the confirmed revision's files since they were written.</summary>
    public IEnumerable<Drift> Drift()
    {
        if (Confirmed == default)
            return [];
        var (was, now) = (FilesIn(DeliveredOf(Confirmed)), FilesIn(FolderOf(Confirmed)));
        return was
            .Keys.Union(now.Keys)
            .Order(StringComparer.Ordinal)
            .Select(name => new Drift(name, UnifiedDiff.Of(was.GetValueOrDefault(name, ""), now.GetValueOrDefault(name, "")).Hunks))
            .Where(d => d.Diff.Length > 0);
    }

    /// <summary>Gives the draft its number and points <c>current</c> at it. A second copy says later what was edited.</summary>
    public void SwitchTo(Revision revision, string draft)
    {
        // A folder that is there is whole, and the same: whoever has made it died after that, and the fence has looked into it.
        if (!Directory.Exists(FolderOf(revision)))
        {
            Delete(DeliveredOf(revision));
            Directory.CreateDirectory(DeliveredOf(revision));
            foreach (var file in Directory.GetFiles(draft))
                File.Copy(file, IO.Path.Combine(DeliveredOf(revision), IO.Path.GetFileName(file)));
            Directory.Move(draft, FolderOf(revision));
        }

        Delete(draft);
        Running = revision;
    }

    /// <summary>The services that the running revision's files would have.</summary>
    public ImmutableSortedDictionary<string, string> Services() =>
        _services.ToImmutableSortedDictionary(
            s => s.Service,
            s => File.Exists(IO.Path.Combine(FolderOf(Running), s.File)) ? "not switched on" : "absent"
        );

    private string DeliveredOf(Revision revision) => IO.Path.Combine(path, "delivered", revision.ToString());

    private static Dictionary<string, string> FilesIn(string folder) =>
        Directory.Exists(folder) ? Directory.GetFiles(folder).ToDictionary(f => IO.Path.GetFileName(f), File.ReadAllText) : [];

    private string FolderOf(Revision revision) => IO.Path.Combine(path, "revisions", revision.ToString());

    private static bool Holds(string folder, IReadOnlyDictionary<string, string> files) =>
        Directory.GetFiles(folder).Length == files.Count
        && files.All(f => IO.Path.Combine(folder, f.Key) is var file && File.Exists(file) && File.ReadAllText(file) == f.Value);

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
