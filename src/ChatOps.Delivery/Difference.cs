using System.Security.Cryptography;
using System.Text;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Delivery;

/// <summary>
/// A bundle that leans on a revision that the gateway has: only what differs from it is in it, as patches or whole files, with the number
/// of that revision (<c>base</c>) and the hash of every file that there shall be (<c>sums</c>, as <c>sha256sum</c> writes it).
/// </summary>
internal static class Difference
{
    public static IReadOnlyDictionary<string, string> Between(
        Revision revision,
        IReadOnlyDictionary<string, string> before,
        IReadOnlyDictionary<string, string> after
    )
    {
        var members = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["base"] = $"{revision}\n" };
        var sums = new StringBuilder();
        foreach (var (name, text) in after.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            sums.Append(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))))
                .Append("  ")
                .Append(TarBundle.Flat(name))
                .Append('\n');
            if (!before.TryGetValue(name, out var old))
                members[name] = text;
            else if (old != text && LinePatch.Of(old, text) is { } patch)
                members[$"{name}.patch"] = patch;
            else if (old != text)
                members[name] = text;
        }

        members["sums"] = sums.ToString();
        return members;
    }
}
