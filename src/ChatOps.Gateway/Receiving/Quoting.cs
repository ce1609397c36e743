using System.Globalization;
using System.Text.RegularExpressions;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Receiving;

/// <summary>
/// What of a checker's words leaves the machine: a line that names a place in the file that was sent, or a certificate. The rest could hold
/// what the program has read elsewhere; it goes into the journal.
/// </summary>
internal static partial class Quoting
{
    /// <summary>True for a line that names the file with a number: <c>nginx.conf:12</c>, <c>line 3 of dnsmasq.conf</c>, <c>kamailio.cfg,
    /// line 4</c>; or nginx's complaint about a certificate, which has no line, also about pgbouncer's.</summary>
    public static bool Names(string line, string file)
    {
        if (
            file is "nginx.conf" or "pgbouncer.ini"
            && (
                NoCertificate().IsMatch(line)
                || (
                    line.StartsWith("nginx: [emerg] ", StringComparison.Ordinal)
                    && line.Contains($"{Places.Certificates}/", StringComparison.Ordinal)
                )
            )
        )
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

    /// <summary>
    /// What nginx, whose master is root, has said against a file that it was to load: the lines that name a place in it, a certificate, or
    /// an address on which it cannot listen.
    /// </summary>
    /// <param name="lines">Lines of its error log, none of them empty.</param>
    public static string OfNginx(IReadOnlyList<string> lines)
    {
        var quotable = lines
            .Select(l =>
                l.Replace($"{Places.State}/current/", "", StringComparison.Ordinal)
                    .Replace($" {Places.Run}/", " ", StringComparison.Ordinal)
            )
            .Where(l => Names(l, "nginx.conf") || NotListening().IsMatch(l) || NoCertificate().IsMatch(l))
            .ToList();
        return quotable.Count > 0 ? string.Join('\n', quotable) : Unnamed("nginx");
    }

    /// <summary>
    /// What HAProxy has said against a file that it was to load: its alerts. Those of a worker that ran before are not about that file: it
    /// says so too when no VM behind a port answers any more.
    /// </summary>
    /// <param name="lines">Lines of its standard error: <c>[ALERT] (282) : proxy 'tcp-7001-ipv4' has no server available!</c>, with the
    /// process that says so.</param>
    /// <param name="workers">The processes that ran before it was told to load the file.</param>
    public static IReadOnlyList<string> OfHaProxy(IEnumerable<string> lines, IReadOnlySet<int> workers) =>
        [
            .. lines.Where(l =>
                l.Contains("ALERT", StringComparison.Ordinal)
                && !(
                    Speaker().Match(l) is { Success: true } said
                    && workers.Contains(int.Parse(said.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
                )
            ),
        ];

    /// <summary>What is said instead of words that stay on the machine.</summary>
    public static string Unnamed(string program) =>
        $"{program} refuses it and names no line; the gateway's journal has what it said: journalctl -t chatops";

    [GeneratedRegex(@"^\[ALERT\] +\((\d{1,9})\) ")]
    private static partial Regex Speaker();

    [GeneratedRegex(
        @"\[emerg\] \d+#\d+: (still could not bind\(\)|(bind|listen)\(\) to [0-9a-f.:\[\]]+(, backlog \d+)? failed|socket\(\) [0-9a-f.:\[\]]+ failed)"
    )]
    private static partial Regex NotListening();

    [GeneratedRegex($@"\[emerg\] \d+#\d+: [^/]*""{Places.Certificates}/")]
    private static partial Regex NoCertificate();

    private static bool BeginsWithNumber(ReadOnlySpan<char> text, string mark) =>
        text.StartsWith(mark) && text.Length > mark.Length && char.IsAsciiDigit(text[mark.Length]);

    private static bool EndsWithNumber(ReadOnlySpan<char> text, string mark) =>
        text.EndsWith(mark) && text.Length > mark.Length && char.IsAsciiDigit(text[^(mark.Length + 1)]);
}
