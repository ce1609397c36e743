using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Language.Words;

/// <summary>
/// A time as people type it: <c>7d</c> (ago), <c>14:00</c>, <c>today</c>, <c>monday</c>, <c>last week</c>, <c>24.12.2026</c>, <c>2026-11-01
/// 14:00</c>. It means something only together with now and somebody's time zone.
/// </summary>
public abstract partial record TimePoint
{
    // "24 december 2026 at 18:00".
    private const int MostWords = 5;

    // With slashes nobody knows which number is the month.
    private static readonly string[] Dates =
    [
        "yyyy-MM-dd",
        "d.M.yyyy",
        "d MMM yyyy",
        "d MMMM yyyy",
        "MMM d yyyy",
        "MMMM d yyyy",
        "MMMM d, yyyy",
    ];

    // The same without their year; a leap year is put behind them, which has all days.
    private static readonly string[] DaysOfYear = ["d.M yyyy", "d.M. yyyy", "d MMM yyyy", "d MMMM yyyy", "MMM d yyyy", "MMMM d yyyy"];
    private static readonly string[] Clocks = ["H:mm", "H:mm:ss", "htt", "h:mmtt"];
    private static readonly string[] Moments = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.fff"];
    private static readonly string[] Exacts = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.fffK"];

    private TimePoint() { }

    /// <summary>What is expected, for a sentence.</summary>
    public static string Expected => "a time, such as 7d, 14:00, yesterday, monday, last week, 2026-11-01 or 2026-11-01 14:00";

    /// <summary>True when it may lie ahead of now; a length of time ago never does.</summary>
    public virtual bool LiesAhead => true;

    /// <summary>From when to when it lasts, looking back: a day lasts a day, a moment no time.</summary>
    /// <param name="zone">Whose clock it is told by.</param>
    public abstract (DateTimeOffset Start, DateTimeOffset End) In(DateTimeOffset now, TimeZoneInfo zone);

    /// <summary>
    /// Its end, looking ahead: the next friday with all of it, the next time that the clock shows 18:00. Null for what cannot lie ahead.
    /// </summary>
    /// <param name="zone">Whose clock it is told by.</param>
    public virtual DateTimeOffset? Ahead(DateTimeOffset now, TimeZoneInfo zone) => LiesAhead ? In(now, zone).End : null;

    /// <summary>
    /// Reads one from the words at a place of a line, as many as belong to it, and says how many that were; null when there is none.
    /// </summary>
    public static (TimePoint Point, int Words)? Read(ImmutableArray<Token> tokens, int at)
    {
        for (var words = Math.Min(MostWords, tokens.Length - at); words > 0; words--)
        {
            var some = tokens.Skip(at).Take(words).ToList();
            if ((words == 1 || some.TrueForAll(t => !t.Quoted)) && Read(string.Join(' ', some.Select(t => t.Text))) is { } point)
                return (point, words);
        }

        return null;
    }

    /// <summary>Reads one that is the whole text; null when it is none.</summary>
    public static TimePoint? Read(string text)
    {
        var lower = text.Trim().ToLowerInvariant();
        if (lower == "now")
            return new Ago(TimeSpan.Zero);
        if (Durations.Read(lower.EndsWith(" ago", StringComparison.Ordinal) ? lower[..^4] : lower) is { } span)
            return new Ago(span);
        if (ReadDay(lower) is { } day)
            return day;
        if (ReadTime(lower) is { } time)
            return new TimeOfDay(time);
        if (
            DateTime.TryParseExact(text.Replace(' ', 'T'), Moments, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)
            && IsSane(moment.Year)
        )
            return new Moment(moment);
        if (
            DateTimeOffset.TryParseExact(text, Exacts, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var exact)
            && IsSane(exact.Year)
        )
            return new Exact(exact);

        // "tomorrow 18:00", "friday at 6 pm", "2026-11-01 14:00": a day, and the time of that day.
        for (var space = lower.IndexOf(' ', StringComparison.Ordinal); space > 0; space = lower.IndexOf(' ', space + 1))
        {
            var rest = lower[(space + 1)..];
            if (
                ReadDay(lower[..space]) is { } on and not Period
                && ReadTime(rest.StartsWith("at ", StringComparison.Ordinal) ? rest[3..] : rest) is { } then
            )
                return on is Day { Date: var date } ? new Moment(date.ToDateTime(then)) : new DayTime(on, then);
        }

        return null;
    }

    private static TimePoint? ReadDay(string text) =>
        text switch
        {
            "today" or "tonight" or "eod" or "end of day" or "end of the day" => new DayBack(0),
            "yesterday" => new DayBack(1),
            "tomorrow" => new DayBack(-1),
            "this week" or "end of week" or "end of the week" or "eow" => new Period(IsMonth: false, 0),
            "this month" or "end of month" or "end of the month" => new Period(IsMonth: true, 0),
            "last week" => new Period(IsMonth: false, 1),
            "last month" => new Period(IsMonth: true, 1),
            _ when ReadWeekday(text) is { } weekday => weekday,
            _ when DateOnly.TryParseExact(text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                    && IsSane(day.Year) => new Day(day),
            _ when DateOnly.TryParseExact($"{text} 2000", DaysOfYear, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) =>
                new DayOfYear(day.Month, day.Day),
            _ => null,
        };

    private static Weekday? ReadWeekday(string text)
    {
        var isBefore = text.StartsWith("last ", StringComparison.Ordinal);
        var name = isBefore ? text[5..] : text;
        return
            Enum.GetValues<DayOfWeek>()
                .Where(d =>
                    name.Equals($"{d}", StringComparison.OrdinalIgnoreCase) || name.Equals($"{d}"[..3], StringComparison.OrdinalIgnoreCase)
                )
                .ToList()
                is [var weekday]
            ? new Weekday(weekday, isBefore)
            : null;
    }

    private static TimeOnly? ReadTime(string text) =>
        text == "noon" ? new TimeOnly(12, 0)
        : text == "midnight" ? TimeOnly.MinValue
        : TimeOnly.TryParseExact(
            text.Replace(" ", "", StringComparison.Ordinal),
            Clocks,
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var time
        )
            ? time
        : null;

    // Where a calendar ends there is no day after.
    private static bool IsSane(int year) => year is >= 1970 and < 2200;

    private static DateTimeOffset At(DateTime local, TimeZoneInfo zone)
    {
        // Where clocks are set forward an hour is missing: what was said is the first moment after it. Where they are set back, the earlier
        // one.
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new(local, offset);
    }

    private static (DateTimeOffset, DateTimeOffset) WholeDay(DateOnly day, TimeZoneInfo zone) =>
        (At(day.ToDateTime(TimeOnly.MinValue), zone), At(day.AddDays(1).ToDateTime(TimeOnly.MinValue), zone));

    private static DateOnly TodayIn(DateTimeOffset now, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
}
