using System.Globalization;

namespace ChatOps.Gateway.Reading;

/// <summary>What is closed because its time is up: "tcp" or "udp" and a port, or "web" and the name of a web address.</summary>
internal readonly record struct ShutItem(string Kind, string Name);

/// <summary>What of a revision's lifetimes has ended: fresh lines with UNIX times that have ended and were not among the ended ones, past
/// ones that were, and the UNIX time when to look again, if any.</summary>
internal sealed record Judgement(IReadOnlyList<ShutItem> Shut, IReadOnlyList<string> Fresh, IReadOnlyList<string> Past, long? Next);

/// <summary>The file "lifetimes": PROTO PORT END, or web NAME END [ADDRESS PORT]. END is a UNIX time, or +SECONDS from the first
/// confirm.</summary>
internal static class Lifetimes
{
    /// <summary>
    /// What has ended by <paramref name="now"/>, a UNIX time. <paramref name="opened"/> is that of the revision's first confirm, 0 when
    /// there was none: then nothing of that kind has begun to end. <paramref name="ended"/> are lines that had ended before: no clock that
    /// is set back opens them again. A port of several lines, such as that of web addresses, ends with the last of them.
    /// </summary>
    public static Judgement Judge(long now, long opened, IEnumerable<string> ended, IEnumerable<string> lifetimes)
    {
        var over = ended.Select(line => line.Split(' ')).Where(f => f.Length > 2).Select(f => (f[0], f[1], f[2])).ToHashSet();
        var (names, open) = (new List<ShutItem>(), new HashSet<ShutItem>());
        var (fresh, past) = (new List<string>(), new List<string>());
        long? next = null;
        foreach (var line in lifetimes)
        {
            var field = line.Split(' ');
            if (field.Length < 3 || !long.TryParse(field[2].TrimStart('+'), NumberStyles.None, CultureInfo.InvariantCulture, out var end))
                continue;
            if (field[2][0] == '+')
                end += opened > 0 ? opened : now;
            field[2] = end.ToString(CultureInfo.InvariantCulture);
            var item = new ShutItem(field[0], field[1]);
            names.Add(item);
            if (over.Contains((field[0], field[1], field[2])))
            {
                past.Add(string.Join(' ', field));
                continue;
            }

            if (next is null || end < next)
                next = end;
            if (end <= now)
                fresh.Add(string.Join(' ', field));
            else
                open.Add(item);
        }

        return new Judgement([.. names.Distinct().Where(n => !open.Contains(n))], fresh, past, next);
    }
}
