using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ChatOps.Core.Domain.Values;

/// <summary>
/// Lengths of time as people type them: <c>30m</c>, <c>2h</c>, <c>2h30m</c>, <c>7d</c>, <c>2 hours</c>, <c>half an hour</c>.
/// </summary>
public static partial class Durations
{
    private const int MaxCount = 10000;

    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("w", TimeSpan.FromDays(7)),
        ("d", TimeSpan.FromDays(1)),
        ("h", TimeSpan.FromHours(1)),
        ("m", TimeSpan.FromMinutes(1)),
    ];

    /// <summary>The written form, in whole minutes: <c>7d</c>, <c>2h</c>, <c>2h30m</c>.</summary>
    public static string Text(TimeSpan span)
    {
        var minutes = TimeSpan.FromMinutes(Math.Ceiling(span.TotalMinutes));
        if (minutes == TimeSpan.Zero)
            return "0m";
        var text = new StringBuilder();
        foreach (var (unit, length) in Units.Where(u => u.Unit != "w"))
        {
            var count = minutes.Ticks / length.Ticks;
            minutes -= TimeSpan.FromTicks(count * length.Ticks);
            if (count > 0)
                text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
        }

        return text.ToString();
    }

    /// <summary>Reads a length as typed, of one minute or more; null when it is none.</summary>
    public static TimeSpan? Read(string text)
    {
        var match = Length().Match(text);
        if (!match.Success)
            return null;
        var sum = TimeSpan.Zero;
        for (var i = 0; i < match.Groups["unit"].Captures.Count; i++)
        {
            var count = CountOf(match.Groups["count"].Captures[i].Value);
            if (count is null or <= 0 or > MaxCount)
                return null;
            var letter = match.Groups["unit"].Captures[i].ValueSpan[0];
            sum += Units.First(u => u.Unit[0] == char.ToLowerInvariant(letter)).Length * count.Value;
        }

        return sum < TimeSpan.FromMinutes(1) ? null : sum;
    }

    private static double? CountOf(string text) =>
        text.ToLowerInvariant() switch
        {
            "a" or "an" or "one" => 1,
            "half a" or "half an" => 0.5,
            var number => double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
                ? count
                : null,
        };

    [GeneratedRegex(
        @"^((^|\s*(,|and\b|\s|(?<=[a-z])(?=[0-9]))\s*)((?<count>[0-9]{1,5}(\.[0-9])?)\s?|(?<count>half an?|an?|one)\s)(?<unit>w(eeks?)?|d(ays?)?|h(ours?|rs?)?|m(in(ute)?s?)?)(?![a-z]))+$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Length();
}
