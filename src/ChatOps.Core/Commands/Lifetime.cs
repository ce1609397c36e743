using System.Globalization;

namespace ChatOps.Core.Commands;

/// <summary>How long something is to stay, as typed: <c>for 2h</c>, <c>until 18:00</c>, <c>until 2026-12-01 09:00</c>.</summary>
public abstract record Lifetime
{
    private Lifetime() { }

    /// <summary>When it ends.</summary>
    /// <param name="now">Now, in the speaker's time zone: a time of day is theirs.</param>
    public abstract DateTimeOffset End(DateTimeOffset now);

    /// <summary>A length of time from now on.</summary>
    public sealed record For(TimeSpan Length) : Lifetime
    {
        /// <inheritdoc/>
        public override DateTimeOffset End(DateTimeOffset now) => now + Length;

        /// <inheritdoc/>
        public override string ToString() => $"for {Durations.Text(Length)}";
    }

    /// <summary>The next time that the clock shows this.</summary>
    public sealed record UntilTime(TimeOnly Time) : Lifetime
    {
        /// <inheritdoc/>
        public override DateTimeOffset End(DateTimeOffset now)
        {
            var today = new DateTimeOffset(DateOnly.FromDateTime(now.DateTime), Time, now.Offset);
            return today > now ? today : today.AddDays(1);
        }

        /// <inheritdoc/>
        public override string ToString() => $"until {Time.ToString("HH:mm", CultureInfo.InvariantCulture)}";
    }

    /// <summary>A moment.</summary>
    public sealed record UntilMoment(DateTime Moment) : Lifetime
    {
        /// <inheritdoc/>
        public override DateTimeOffset End(DateTimeOffset now) => new(Moment, now.Offset);

        /// <inheritdoc/>
        public override string ToString() => $"until {Moment.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture)}";
    }
}

/// <summary>Lengths of time as people type them: <c>30m</c>, <c>2h</c>, <c>7d</c>.</summary>
public static class Durations
{
    /// <summary>The written form, in the largest unit that fits.</summary>
    public static string Text(TimeSpan span) =>
        span switch
        {
            { TotalDays: >= 1 } when span.Ticks % TimeSpan.TicksPerDay == 0 => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays}d"),
            { TotalHours: >= 1 } when span.Ticks % TimeSpan.TicksPerHour == 0 => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours}h"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(span.TotalMinutes)}m"),
        };

    /// <summary>Reads the written form; null when it is not one.</summary>
    public static TimeSpan? Read(string text)
    {
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > 10000)
            return null;
        return text[^1] switch
        {
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            'd' => TimeSpan.FromDays(count),
            'w' => TimeSpan.FromDays(7 * count),
            _ => null,
        };
    }
}
