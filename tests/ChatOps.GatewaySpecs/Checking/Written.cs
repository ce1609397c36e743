using System.Text;
using ChatOps.Gateway.Checking;

namespace ChatOps.GatewaySpecs.Checking;

/// <summary>A file as it was meant, and as it was understood: the same lines, or something of it is unexplained.</summary>
internal static class Written
{
    /// <summary>The lines of a file without comments, empty lines and indentation.</summary>
    public static string[] Meant(byte[] file) =>
        [
            .. Encoding
                .Latin1.GetString(file)
                .Split('\n')
                .Select(l => l.TrimStart(' '))
                .Where(l =>
                    l.Length > 0
                    && !l.StartsWith("# ", StringComparison.Ordinal)
                    && !l.StartsWith("; ", StringComparison.Ordinal)
                    && l is not ("#" or ";")
                ),
        ];

    /// <summary>What was understood of an accepted file, written from the values that were read; null of one that is refused.</summary>
    public static string[]? Understood(Format format, byte[] file, Declared declared)
    {
        var lines = new List<string>();
        return format.Check(file, declared, statement => lines.Add(statement.Print())) is null ? [.. lines] : null;
    }
}
