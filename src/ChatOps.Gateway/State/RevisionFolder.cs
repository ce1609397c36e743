using System.Text;
using ChatOps.Gateway.Checking;

namespace ChatOps.Gateway.State;

/// <summary>
/// A revision on the disk: its files, <c>revision</c> (its own number), <c>sums</c> (what was delivered, as sha256sum(1) prints it;
/// wg0.conf counts without the keys that were put in here), <c>.looks</c>, <c>.confirmed</c> (since when) and <c>.delivered</c> (a second
/// copy).
/// </summary>
internal sealed class RevisionFolder(string path)
{
    public string Path { get; } = path;

    public static RevisionFolder Of(long revision) => new($"{Places.Revisions}/{revision}");

    public string this[string name] => $"{Path}/{name}";

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public bool Has(string name) => File.Exists(this[name]);

    public byte[] Bytes(string name) => Files.Bytes(this[name]) ?? [];

    public string Text(string name) => Files.Text(this[name]) ?? "";

    public string[] Lines(string name) => Files.Lines(this[name]);

    /// <summary>A file as it was delivered; null when there is none.</summary>
    public byte[]? Delivered(string name) =>
        Files.Bytes(this[name]) is not { } content ? null
        : name == "wg0.conf" ? WireGuardFile.WithoutKeys(content)
        : content;

    /// <summary>When it was first confirmed, in UNIX time; null: not yet.</summary>
    public long? ConfirmedAt => Places.Number(Files.Line(this[".confirmed"]));

    /// <summary>
    /// What was delivered: name and sum of each file, in the order of the file. A folder of an older program that has none is summed now.
    /// </summary>
    public IReadOnlyList<(string Name, string Sum)> Sums()
    {
        if (!Has("sums"))
            Files.TryPut(this["sums"], Listed([.. Names().Select(name => (name, Sha256.Of(Delivered(name) ?? [])))]));
        return Parse(Text("sums")) ?? [];
    }

    /// <summary>The lines of a file of sums; null when one is not as it should be.</summary>
    public static IReadOnlyList<(string Name, string Sum)>? Parse(string text)
    {
        var sums = new List<(string, string)>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var sum, var name] || !IsSum(sum) || !Places.IsOurs(name))
                return null;
            sums.Add((name, sum));
        }

        return sums;
    }

    public static string Listed(IReadOnlyList<(string Name, string Sum)> sums) => string.Concat(sums.Select(s => $"{s.Sum}  {s.Name}\n"));

    /// <summary>Notes how the files look now, so that nobody need read them to see that they are what was delivered.</summary>
    public void NoteLooks() => Files.TryPut(this[".looks"], LooksNow());

    /// <summary>
    /// The names of the files that are not, or no longer, what was delivered; nothing can be said of a folder without sums.
    /// </summary>
    public IReadOnlyList<string> Edited()
    {
        if (!Has("sums") || LooksAsDelivered)
            return [];
        var sums = Sums();
        return
        [
            .. sums.Where(s => Delivered(s.Name) is not { } content || Sha256.Of(content) != s.Sum).Select(s => s.Name),
            .. Names().Where(name => sums.All(s => s.Name != name)),
        ];
    }

    /// <summary>Whether every file looks as it did when it was delivered.</summary>
    public bool LooksAsDelivered => Files.Text(this[".looks"]) is { Length: > 0 } noted && noted == LooksNow();

    /// <summary>Makes the second copy, so that an edit can be shown.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void KeepDelivered()
    {
        var kept = this[".delivered"];
        if (Directory.Exists(kept))
            return;
        var next = $"{kept}.{Environment.ProcessId}";
        Directory.CreateDirectory(next);
        foreach (var (name, _) in Sums())
        {
            if (Delivered(name) is { } content)
                File.WriteAllBytes($"{next}/{name}", content);
        }

        Directory.Move(next, kept);
    }

    /// <summary>Every file and folder of it that must be on the disk before it counts.</summary>
    public IEnumerable<string> ToSync() => Directory.EnumerateFiles(Path).Append(Path);

    public IReadOnlyList<string> Names() =>
        [
            .. Directory
                .EnumerateFiles(Path)
                .Select(p => p[(Path.Length + 1)..])
                .Where(n => n[0] != '.' && n is not ("revision" or "sums"))
                .Order(StringComparer.Ordinal),
        ];

    private string LooksNow()
    {
        var looks = new StringBuilder();
        foreach (
            var name in Directory
                .EnumerateFileSystemEntries(Path)
                .Select(p => p[(Path.Length + 1)..])
                .Where(n => n[0] != '.')
                .Order(StringComparer.Ordinal)
        )
            looks.Append(name).Append(' ').Append(Files.Looks(this[name])).Append('\n');
        return looks.ToString();
    }

    private static bool IsSum(string text) => text.Length == 64 && text.All(c => c is >= '0' and <= '9' or >= 'a' and <= 'f');
}
