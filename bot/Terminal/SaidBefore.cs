using System.Text.RegularExpressions;

namespace ChatOps.Bot.Terminal;

/// <summary>
/// The lines that were typed at this terminal, kept in a file of their owner's over restarts. Reasons are not kept, nor who is to be
/// forgotten: what is erased from the log is not to stand here.
/// </summary>
internal sealed partial class SaidBefore
{
    private const int MaxCount = 500;

    private readonly string? _file;
    private readonly List<string> _lines;

    /// <param name="file">The file; null to remember in memory only.</param>
    public SaidBefore(string? file)
    {
        _file = file;
        _lines = file is not null && File.Exists(file) ? [.. File.ReadLines(file).TakeLast(MaxCount)] : [];
    }

    [GeneratedRegex("\\s+because\\s.*$", RegexOptions.IgnoreCase)]
    private static partial Regex Reason();

    public int Count => _lines.Count;

    /// <summary>One of them, the oldest at 0.</summary>
    public string this[int at] => _lines[at];

    public void Add(string line)
    {
        if (line.Trim().Length == 0 || (_lines is [.., var last] && last == line))
            return;
        _lines.Add(line);
        if (_file is null || line.Contains("forget", StringComparison.OrdinalIgnoreCase))
            return;
        try
        {
            var kept = _lines
                .TakeLast(MaxCount)
                .Where(l => !l.Contains("forget", StringComparison.OrdinalIgnoreCase))
                .Select(l => Reason().Replace(l, ""));
            var options = new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using var writer = new StreamWriter(_file, options);
            foreach (var one in kept)
                writer.WriteLine(one);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is a convenience: without it people type a line once more.
        }
    }

    /// <summary>The newest before a place that has a text in it; null when there is none.</summary>
    public int? Find(string text, int before)
    {
        for (var at = Math.Min(before, _lines.Count) - 1; at >= 0; at--)
        {
            if (_lines[at].Contains(text, StringComparison.OrdinalIgnoreCase))
                return at;
        }

        return null;
    }
}
