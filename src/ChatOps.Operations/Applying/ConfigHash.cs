using System.Security.Cryptography;
using System.Text;

namespace ChatOps.Operations.Applying;

/// <summary>
/// One hash over all files of a revision, for the log: SHA-256, hex, over <c>NAME LENGTH\n</c> and the content, in order of names.
/// </summary>
internal static class ConfigHash
{
    public static string Of(IReadOnlyDictionary<string, string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, content) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            var bytes = Encoding.UTF8.GetBytes(content);
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{name} {bytes.Length}\n")));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
