using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Loading;

/// <summary>
/// Settings of the kernel. Those that a revision no longer has go back to the value they had before the first revision that set them.
/// </summary>
internal static class Sysctl
{
    public static void Load(Change change)
    {
        var (settings, former) = (Of(change.New), Of(change.Old));
        var before = Files.Lines(Places.SysctlBefore).Select(Split).OfType<(string Key, string Value)>().ToList();
        var known = before.Select(b => b.Key).ToHashSet();
        var fresh = settings.Where(s => known.Add(s.Key) && Value(s.Key) is not null).Select(s => $"{s.Key} = {Value(s.Key)}\n").ToList();
        if (fresh.Count > 0)
            File.AppendAllText(Places.SysctlBefore, string.Concat(fresh));
        foreach (var (key, value) in before.Where(b => former.Any(f => f.Key == b.Key) && settings.All(s => s.Key != b.Key)))
        {
            if (Set(key, value) is { } text)
                Journal.Say($"cannot put back {key}: {text}");
        }

        if (settings.Any(s => s is { Key: "net.ipv6.conf.all.forwarding", Value: not "0" }))
            DefaultRoutes.KeepAdvertised();
        var complaints = settings.Select(s => Set(s.Key, s.Value) is { } text ? $"{s.Key}: {text}" : null).OfType<string>().ToList();
        if (complaints.Count > 0)
            change.Fail("sysctl.conf", string.Join('\n', complaints));
    }

    /// <summary>The settings of a revision, as its file has them.</summary>
    public static IReadOnlyList<(string Key, string Value)> Of(RevisionFolder folder) =>
        [.. folder.Lines("sysctl.conf").Where(l => l.StartsWith("net", StringComparison.Ordinal)).Select(Split).OfType<(string, string)>()];

    /// <summary>What the kernel says; null when it has no such setting.</summary>
    public static string? Value(string key) => Files.Text(PathOf(key))?.TrimEnd('\n');

    private static string? Set(string key, string value)
    {
        try
        {
            using var file = new FileStream(PathOf(key), FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.Write(System.Text.Encoding.ASCII.GetBytes($"{value}\n"));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e is FileNotFoundException or DirectoryNotFoundException ? "this kernel has no such setting" : e.Message;
        }
    }

    private static string PathOf(string key) => $"/proc/sys/{key.Replace('.', '/')}";

    private static (string Key, string Value)? Split(string line) =>
        line.IndexOf('=') is > 0 and var at ? (line[..at].Trim(), line[(at + 1)..].Trim()) : null;
}
