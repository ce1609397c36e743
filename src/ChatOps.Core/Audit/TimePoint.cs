using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Core.Commands;

namespace ChatOps.Core.Audit;

/// <summary>
/// A time as people type it: <c>7d</c> (ago), <c>14:00</c>, <c>today</c>, <c>2026-11-01</c>, <c>2026-11-01 14:00</c>. It means something only
/// together with now and somebody's time zone.
/// </summary>
public abstract record TimePoint
{
    private static readonly string[] Moments = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.fff"];
    private static readonly string[] Exacts = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.fffK"];

    private TimePoint() { }

    /// <summary>What is expected, for a sentence.</summary>
    public static string Expected => "a time, such as 7d, 14:00, yesterday, 2026-11-01 or 2026-11-01 14:00";

    /// <summary>From when to when it lasts: a day lasts a day, a moment no time.</summary>
    /// <param name="now">Now.</param>
    /// <param name="zone">Whose clock it is told by.</param>
    public abstract (DateTimeOffset Start, DateTimeOffset End) In(DateTimeOffset now, TimeZoneInfo zone);

    /// <summary>Reads one from the words at a place of a line, and says how many words it took; null when there is none.</summary>
    public static (TimePoint Point, int Words)? Read(ImmutableArray<Token> tokens, int at)
    {
        if (at >= tokens.Length)
            return null;
        var text = tokens[at].Text;

        // The space of "2026-11-01 14:00", where no quotes keep it together.
        if (at + 1 < tokens.Length && ReadDay(text) is { } day && ReadTime(tokens[at + 1].Text) is { } time)
            return (new Moment(day.ToDateTime(time)), 2);
        return Read(text) is { } point ? (point, 1) : null;
    }

    private static TimePoint? Read(string text) =>
        text.ToLowerInvariant() switch
        {
            "now" => new Ago(TimeSpan.Zero),
            "today" => new DayBack(0),
            "yesterday" => new DayBack(1),
            _ when Durations.Read(text) is { } span => new Ago(span),
            _ when ReadDay(text) is { } day => new Day(day),
            _ when ReadTime(text) is { } time => new TimeOfDay(time),
            _ when DateTime.TryParseExact(text.Replace(' ', 'T'), Moments, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) && IsSane(moment.Year) =>
                new Moment(moment),
            _ when DateTimeOffset.TryParseExact(text, Exacts, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var exact) && IsSane(exact.Year) =>
                new Exact(exact),
            _ => null,
        };

    private static DateOnly? ReadDay(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && IsSane(day.Year) ? day : null;

    private static TimeOnly? ReadTime(string text) =>
        TimeOnly.TryParseExact(text, ["H:mm", "H:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    // Where a calendar ends there is no day after.
    private static bool IsSane(int year) => year is >= 1970 and < 2200;

    private static DateTimeOffset At(DateTime local, TimeZoneInfo zone)
    {
        // Where clocks are set forward an hour is missing: what was said is the first moment after it. Where they are set back, the earlier one.
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new(local, offset);
    }

    private static (DateTimeOffset, DateTimeOffset) WholeDay(DateOnly day, TimeZoneInfo zone) =>
        (At(day.ToDateTime(TimeOnly.MinValue), zone), At(day.AddDays(1).ToDateTime(TimeOnly.MinValue), zone));

    private static DateOnly TodayIn(DateTimeOffset now, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);

    /// <summary>So long before now.</summary>
    public sealed record Ago(TimeSpan Span) : TimePoint
    {
        /// <inheritdoc/>
        public override (DateTimeOffset Start, DateTimeOffset End) In(DateTimeOffset now, TimeZoneInfo zone) => (now - Span, now - Span);

        /// <inheritdoc/>
        public override string ToString() => Span == TimeSpan.Zero ? "now" : Durations.Text(Span);
    }

    /// <summary>A day.</summary>
    public sealed record Day(DateOnly Date) : TimePoint
    {
        /// <inheritdoc/>
        public override (DateTimeOffset Start, DateTimeOffset End) In(DateTimeOffset now, TimeZoneInfo zone) => WholeDay(Date, zone);

        /// <inheritdoc/>
        public override string ToString() => Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <summary>Today, or a day before it.</summary>
    public sealed record DayBack(int Days) : TimePoint
    {
        /// <inheritdoc/>
        public override (DateTimeOffset Start, DateTimeOffset End) In(DateTimeOffset now, TimeZoneInfo zone) => WholeDay(TodayIn(now, zone).AddDays(-Days), zone);

        /// <inheritdoc/>
        public override string ToString() => Days == 0 ? "today" : "yesterday";
    }

    /// <summary>The last time that the clock showed this.</summary>
    public sealed record TimeOfDay(TimeOnly Time) : TimePoint
    {
        /// <inheritdoc/>
        public override (DateTimeOffset Start, DateTimeOffset End) In(DateTimeOffset now, TimeZoneInfo zone)
        {
            var today = TodayIn(now, zone);
            var at = At(today.ToDateTime(Time), zone);
            at = at <= now ? at : At(today.AddDays(-1).ToDateTime(Time), zone);
            return (at, at);
        }

        /// <inheritdoc/>
        public override string ToString() => Time.ToString(Time.Second == 0 ? "HH:mm" : "HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>A moment by somebody's clock.</summary>
    public sealed record Moment(DateTime Local) : TimePoint
    {
        /// <inheritdoc/>
        public override (DateTimeOffset Start, DateTimeOffset End) In(DateTimeOffset now, TimeZoneInfo zone) => (At(Local, zone), At(Local, zone));

        /// <inheritdoc/>
        public override string ToString() => Local.ToString(Local.Second == 0 ? "yyyy-MM-dd'T'HH:mm" : "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>A moment with its own zone, as machines write it.</summary>
    public sealed record Exact(DateTimeOffset Time) : TimePoint
    {
        /// <inheritdoc/>
        public override (DateTimeOffset Start, DateTimeOffset End) In(DateTimeOffset now, TimeZoneInfo zone) => (Time, Time);

        /// <inheritdoc/>
        public override string ToString() => Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }
}
