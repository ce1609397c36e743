using System.Globalization;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Language.Words;

/// <summary>The ways in which people say a time.</summary>
public abstract partial record TimePoint
{
    /// <summary>So long before now.</summary>
    public sealed record Ago(TimeSpan Span) : TimePoint
    {
        /// <inheritdoc/>
        public override bool LiesAhead => false;

        /// <inheritdoc/>
        public override (DateTimeOffset Start, DateTimeOffset End) In(DateTimeOffset now, TimeZoneInfo zone) => (now - Span, now - Span);

        /// <inheritdoc/>
        public override string ToString() => Span == TimeSpan.Zero ? "now" : Durations.Text(Span);
    }

    /// <summary>A calendar day in the speaker's time zone.</summary>
    public sealed record Day(DateOnly Date) : TimePoint
    {
        /// <inheritdoc/>
        public override (DateTimeOffset Start, DateTimeOffset End) In(DateTimeOffset now, TimeZoneInfo zone) => WholeDay(Date, zone);

        /// <inheritdoc/>
        public override string ToString() => Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <summary>Today, or a day before it; less than 0 for one after it.</summary>
    public sealed record DayBack(int Days) : TimePoint
    {
        /// <inheritdoc/>
        public override (DateTimeOffset Start, DateTimeOffset End) In(DateTimeOffset now, TimeZoneInfo zone) =>
            WholeDay(TodayIn(now, zone).AddDays(-Days), zone);

        /// <inheritdoc/>
        public override string ToString() =>
            Days == 0 ? "today"
            : Days > 0 ? "yesterday"
            : "tomorrow";
    }

    /// <summary>A day of the week: the last one or the next one, today included.</summary>
    /// <param name="IsBefore">True when the one before today is meant.</param>
    public sealed record Weekday(DayOfWeek On, bool IsBefore) : TimePoint
    {
        /// <inheritdoc/>
        public override bool LiesAhead => !IsBefore;

        /// <inheritdoc/>
        public override (DateTimeOffset Start, DateTimeOffset End) In(DateTimeOffset now, TimeZoneInfo zone)
        {
            var today = TodayIn(now, zone);
            var back = (today.DayOfWeek - On + 7) % 7;
            return WholeDay(today.AddDays(-(IsBefore && back == 0 ? 7 : back)), zone);
        }

        /// <inheritdoc/>
        public override DateTimeOffset? Ahead(DateTimeOffset now, TimeZoneInfo zone)
        {
            var today = TodayIn(now, zone);
            return IsBefore ? null : WholeDay(today.AddDays((On - today.DayOfWeek + 7) % 7), zone).Item2;
        }

        /// <inheritdoc/>
        public override string ToString() => $"{(IsBefore ? "last " : "")}{On}".ToLowerInvariant();
    }

    /// <summary>A day of any year: the last one or the next one, today included.</summary>
    public sealed record DayOfYear(int Month, int Date) : TimePoint
    {
        /// <inheritdoc/>
        public override (DateTimeOffset Start, DateTimeOffset End) In(DateTimeOffset now, TimeZoneInfo zone)
        {
            var today = TodayIn(now, zone);
            return WholeDay(Of(today.Year) > today ? Of(today.Year - 1) : Of(today.Year), zone);
        }

        /// <inheritdoc/>
        public override DateTimeOffset? Ahead(DateTimeOffset now, TimeZoneInfo zone)
        {
            var today = TodayIn(now, zone);
            return WholeDay(Of(today.Year) < today ? Of(today.Year + 1) : Of(today.Year), zone).Item2;
        }

        /// <inheritdoc/>
        public override string ToString() => Of(2000).ToString("d MMMM", CultureInfo.InvariantCulture).ToLowerInvariant();

        // The 29th of February is the 28th where there is none.
        private DateOnly Of(int year) => new DateOnly(2000, Month, Date).AddYears(year - 2000);
    }

    /// <summary>A week from its monday on, or a month.</summary>
    /// <param name="IsMonth">True for a month.</param>
    /// <param name="Back">How many before this one.</param>
    public sealed record Period(bool IsMonth, int Back) : TimePoint
    {
        /// <inheritdoc/>
        public override bool LiesAhead => Back == 0;

        /// <inheritdoc/>
        public override (DateTimeOffset Start, DateTimeOffset End) In(DateTimeOffset now, TimeZoneInfo zone)
        {
            var today = TodayIn(now, zone);
            var first = IsMonth
                ? new DateOnly(today.Year, today.Month, 1).AddMonths(-Back)
                : today.AddDays(-(((int)today.DayOfWeek + 6) % 7) - (7 * Back));
            return (WholeDay(first, zone).Item1, WholeDay(IsMonth ? first.AddMonths(1).AddDays(-1) : first.AddDays(6), zone).Item2);
        }

        /// <inheritdoc/>
        public override string ToString() => $"{(Back == 0 ? "this" : "last")} {(IsMonth ? "month" : "week")}";
    }

    /// <summary>A time of a day that is named by what it is to today.</summary>
    public sealed record DayTime(TimePoint On, TimeOnly Time) : TimePoint
    {
        /// <inheritdoc/>
        public override bool LiesAhead => On.LiesAhead;

        /// <inheritdoc/>
        public override (DateTimeOffset Start, DateTimeOffset End) In(DateTimeOffset now, TimeZoneInfo zone)
        {
            var at = Of(On.In(now, zone).Start, zone);
            return (at, at);
        }

        /// <inheritdoc/>
        public override DateTimeOffset? Ahead(DateTimeOffset now, TimeZoneInfo zone)
        {
            if (On.Ahead(now, zone) is not { } end)
                return null;

            // On a friday, "friday 09:00" that is over is next week's.
            var at = Of(end.AddTicks(-1), zone);
            return at > now || On is not Weekday ? at : At(TodayIn(at, zone).AddDays(7).ToDateTime(Time), zone);
        }

        /// <inheritdoc/>
        public override string ToString() => $"{On} {new TimeOfDay(Time)}";

        private DateTimeOffset Of(DateTimeOffset day, TimeZoneInfo zone) => At(TodayIn(day, zone).ToDateTime(Time), zone);
    }

    /// <summary>The last time that the clock showed this, or the next time that it does.</summary>
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
        public override DateTimeOffset? Ahead(DateTimeOffset now, TimeZoneInfo zone)
        {
            var today = TodayIn(now, zone);
            var at = At(today.ToDateTime(Time), zone);
            return at > now ? at : At(today.AddDays(1).ToDateTime(Time), zone);
        }

        /// <inheritdoc/>
        public override string ToString() => Time.ToString(Time.Second == 0 ? "HH:mm" : "HH:mm:ss", CultureInfo.InvariantCulture);
    }

    /// <summary>A moment by somebody's clock.</summary>
    public sealed record Moment(DateTime Local) : TimePoint
    {
        /// <inheritdoc/>
        public override (DateTimeOffset Start, DateTimeOffset End) In(DateTimeOffset now, TimeZoneInfo zone) =>
            (At(Local, zone), At(Local, zone));

        /// <inheritdoc/>
        public override string ToString() =>
            Local.ToString(Local.Second == 0 ? "yyyy-MM-dd'T'HH:mm" : "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
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
