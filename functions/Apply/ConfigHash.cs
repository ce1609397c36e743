using System.Text;
using ChatOps.Core.Log;

namespace ChatOps.Functions.Apply;

/// <summary>One hash over all files of a revision, for the log: SHA-256, hex, over <c>NAME LENGTH\n</c> and the content, in order of names.</summary>
public static class ConfigHash
{
    /// <summary>The hash.</summary>
    public static string Of(IReadOnlyDictionary<string, string> files)
    {
        var text = new StringBuilder();
        foreach (var (name, content) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
            text.Append(name).Append(' ').Append(Encoding.UTF8.GetByteCount(content)).Append('\n').Append(content);
        return RecordFormat.HashOf(text.ToString());
    }
}
