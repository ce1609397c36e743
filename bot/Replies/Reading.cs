using System.Globalization;
using System.Text.RegularExpressions;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Changes;

namespace ChatOps.Bot.Replies;

/// <summary>
/// A text as one reader of the page gets it: without what is hidden from them, and with its moments by their clock. The log and the room
/// have one text for everybody, in which a moment stands in the zone in which it was said (<see cref="Lifetimes.Moment"/>); the page has
/// one clock.
/// </summary>
/// <param name="Zone">Their clock.</param>
internal sealed partial record Reading(Redaction Hidden, TimeZoneInfo Zone)
{
    public string Of(string text) => ByTheClock(Hidden.Hide(text));

    /// <summary>True when something in a text, or in JSON with such texts, may read otherwise.</summary>
    public bool Changes(string text) => Hidden.Hides || Zoned().IsMatch(text);

    // What people said is in quotes, and stays as they said it.
    private string ByTheClock(string text) =>
        Moments().Replace(text, m => m.Groups["time"].Success && IsMoment(m.Value, out var time) ? Times.Minute(time, Zone) : m.Value);

    private static bool IsMoment(string text, out DateTimeOffset time)
    {
        var zoned = text.Replace("UTC", "+00:00", StringComparison.Ordinal);
        return DateTimeOffset.TryParseExact(zoned, "yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }

    [GeneratedRegex("\"[^\"\n]*\"|(?<time>\\b\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d (?:UTC\\b|[+-]\\d\\d:\\d\\d))")]
    private static partial Regex Moments();

    // JSON writes "+" as an escape.
    [GeneratedRegex(@"\d \d\d:\d\d (?:UTC|[+-]|\\u002B)")]
    private static partial Regex Zoned();
}
