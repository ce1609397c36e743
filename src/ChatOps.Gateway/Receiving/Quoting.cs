using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Receiving;

/// <summary>
/// What of a checker's words leaves the machine: a line that names a place in the file that was sent, or a certificate. The rest could hold what the
/// program has read elsewhere; it goes into the journal.
/// </summary>
internal static class Quoting
{
    /// <summary>True for a line that names the file with a number: <c>nginx.conf:12</c>, <c>line 3 of dnsmasq.conf</c>, <c>kamailio.cfg, line 4</c>; or
    /// nginx's complaint about a certificate, which has no line.</summary>
    public static bool Names(string line, string file)
    {
        if (file == "nginx.conf" && line.StartsWith("nginx: [emerg] ", StringComparison.Ordinal) && line.Contains($"{Places.Certificates}/", StringComparison.Ordinal))
            return true;
        for (var at = line.IndexOf(file, StringComparison.Ordinal); at >= 0; at = line.IndexOf(file, at + 1, StringComparison.Ordinal))
        {
            // A file of the same name in some folder is another file.
            if (at > 0 && (line[at - 1] is '/' or '.' or '-' or '_' || char.IsAsciiLetterOrDigit(line[at - 1])))
                continue;
            var behind = line.AsSpan(at + file.Length);
            if (BeginsWithNumber(behind, ":") || BeginsWithNumber(behind, ", line ") || EndsWithNumber(line.AsSpan(0, at), " of "))
                return true;
        }

        return false;
    }

    private static bool BeginsWithNumber(ReadOnlySpan<char> text, string mark) =>
        text.StartsWith(mark) && text.Length > mark.Length && char.IsAsciiDigit(text[mark.Length]);

    private static bool EndsWithNumber(ReadOnlySpan<char> text, string mark) =>
        text.EndsWith(mark) && text.Length > mark.Length && char.IsAsciiDigit(text[^(mark.Length + 1)]);
}
