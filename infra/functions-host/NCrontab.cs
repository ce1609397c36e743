using System.Globalization;

namespace ChatOps.FunctionsHost;

/// <summary>
/// A timer's schedule: six fields, <c>second minute hour day month weekday</c>, in UTC. A field is <c>*</c>, a value, a range <c>1-5</c>, either with
/// a step <c>*/15</c>, or a list of these; months and weekdays have English names too. A weekday is 0 (Sunday) to 6. When both a day and a weekday are
/// given, both must hold.
/// </summary>
internal sealed class NCrontab
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    // The 29th of February on one weekday comes back after 28 years at most, or 40 over a century that is no leap year.
    private const int FurthestYears = 40;

    private readonly string _text;
    private readonly CronField _seconds;
    private readonly CronField _minutes;
    private readonly CronField _hours;
    private readonly CronField _days;
    private readonly CronField _months;
    private readonly CronField _weekdays;

    private NCrontab(string text, CronField[] fields)
    {
        _text = text;
        (_seconds, _minutes, _hours) = (fields[0], fields[1], fields[2]);
        (_days, _months, _weekdays) = (fields[3], fields[4], fields[5]);
    }

    /// <summary>Reads a schedule; a <see cref="FormatException"/> says what was expected.</summary>
    public static NCrontab Parse(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 5)
            parts = ["0", .. parts];
        return parts.Length == 6
            ? new NCrontab(
                text,
                [
                    CronField.Parse(parts[0], "second", 0, 59),
                    CronField.Parse(parts[1], "minute", 0, 59),
                    CronField.Parse(parts[2], "hour", 0, 23),
                    CronField.Parse(parts[3], "day", 1, 31),
                    CronField.Parse(parts[4], "month", 1, 12, Months),
                    CronField.Parse(parts[5], "weekday", 0, 6, Weekdays),
                ]
            )
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"schedule \"{text}\": expected six fields (second minute hour day month weekday), found {parts.Length}"));
    }

    /// <summary>The first moment after another at which it is due; null when there is none.</summary>
    public DateTimeOffset? After(DateTimeOffset moment)
    {
        var from = moment.UtcDateTime;
        var at = new DateTime(from.Year, from.Month, from.Day, from.Hour, from.Minute, from.Second, DateTimeKind.Utc).AddSeconds(1);
        for (var day = at.Date; day.Year <= from.Year + FurthestYears && day < DateTime.MaxValue.Date; day = NextDay(day))
        {
            if (IsOn(day) && TimeFrom(day == at.Date ? at.TimeOfDay : TimeSpan.Zero) is { } time)
                return new DateTimeOffset(day + time, TimeSpan.Zero);
        }

        return null;
    }

    public override string ToString() => _text;

    private bool IsOn(DateTime day) => _months.Has(day.Month) && _days.Has(day.Day) && _weekdays.Has((int)day.DayOfWeek);

    private DateTime NextDay(DateTime day) => _months.Has(day.Month) ? day.AddDays(1) : new DateTime(day.Year, day.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(1);

    // The first time of a day that is due, not before another; null when there is none left that day.
    private TimeSpan? TimeFrom(TimeSpan from)
    {
        for (var hour = _hours.From(from.Hours); hour is not null; hour = _hours.From(hour.Value + 1))
        {
            for (var minute = _minutes.From(hour == from.Hours ? from.Minutes : 0); minute is not null; minute = _minutes.From(minute.Value + 1))
            {
                var isSame = hour == from.Hours && minute == from.Minutes;
                if (_seconds.From(isSame ? from.Seconds : 0) is { } second)
                    return new TimeSpan(hour.Value, minute.Value, second);
            }
        }

        return null;
    }
}
