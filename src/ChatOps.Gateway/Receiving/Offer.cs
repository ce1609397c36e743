using ChatOps.Gateway.Reading;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Receiving;

/// <summary>
/// A revision as it was meant: every file as it was delivered, and its sums. Where only the difference travelled, the rest is that of the
/// revision that the bundle leans on; the sums decide whether that leads to what was meant.
/// </summary>
internal sealed record Offer(IReadOnlyDictionary<string, byte[]> Files, IReadOnlyList<(string Name, string Sum)> Sums)
{
    public byte[] this[string name] => Files.GetValueOrDefault(name) ?? [];

    public static Offer Of(IReadOnlyDictionary<string, byte[]> members) =>
        members.TryGetValue("base", out var from) ? OnBase(from, members) : Whole(members);

    private static Offer Whole(IReadOnlyDictionary<string, byte[]> members)
    {
        if (members.Keys.Any(name => name == "sums" || name.EndsWith(".patch", StringComparison.Ordinal)))
            throw Wrong("the bundle has a patch or sums but no base");
        foreach (var name in Places.Lists.Where(name => !members.ContainsKey(name)))
            throw Wrong($"the bundle has no file {name}");
        return new(members, [.. members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => (m.Key, Sha256.Of(m.Value)))]);
    }

    private static Offer OnBase(byte[] from, IReadOnlyDictionary<string, byte[]> members)
    {
        var number = Places.Number(System.Text.Encoding.ASCII.GetString(from).TrimEnd('\n'))
            ?? throw Wrong("base should be the number of a revision");
        var sums = RevisionFolder.Parse(System.Text.Encoding.ASCII.GetString(members.GetValueOrDefault("sums") ?? []))
            ?? throw Wrong("sums should be: SHA256, two spaces, NAME");
        var names = sums.Select(s => s.Name).ToHashSet();
        var wanted = Places.Lists.Concat(members.Keys.Where(m => m is not ("base" or "sums")).Select(Bundle.WithoutPatch));
        foreach (var name in wanted.Where(name => !names.Contains(name)))
            throw Wrong($"sums does not have {name}");
        var before = RevisionFolder.Of(number);
        if (!before.Has("revision"))
            throw new Refusal("patching", "base", $"{number} is not here any more; deliver all files");

        // What looks as it did when it was delivered need not be summed again.
        var known = before.LooksAsDelivered ? before.Sums().ToHashSet() : [];
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (name, sum) in sums)
        {
            var content =
                members.TryGetValue(name, out var whole) ? whole
                : members.TryGetValue($"{name}.patch", out var patch) ? LinePatch.Apply(before.Delivered(name) ?? [], patch)
                : before.Delivered(name);
            var isKnown = whole is null && !members.ContainsKey($"{name}.patch") && known.Contains((name, sum));
            if (content is null || !isKnown && Sha256.Of(content) != sum)
                throw new Refusal(
                    "patching",
                    "base",
                    $"the files of revision {number} and this difference do not make what was meant; deliver all files"
                );
            files[name] = content;
        }

        return new(files, sums);
    }

    private static Refusal Wrong(string reason) => new("receiving", "bundle", reason);
}
