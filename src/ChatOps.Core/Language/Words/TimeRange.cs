using System.Globalization;

namespace ChatOps.Core.Language.Words;

/// <summary>The time that a question is about, as typed. Both ends open for all history.</summary>
/// <param name="From">Its beginning, or null.</param>
/// <param name="To">Its end, or null. A day belongs to the range with all of it.</param>
public sealed record TimeRange(TimePoint? From, TimePoint? To)
{
    /// <summary>The range without a beginning and without an end.</summary>
    public static TimeRange All { get; } = new(null, null);

    /// <summary>The moments: from the first, up to and without the second.</summary>
    public LogSpan In(DateTimeOffset now, TimeZoneInfo zone) => new(From?.In(now, zone).Start, To is { } to ? EndOf(to, now, zone) : null);

    /// <summary>As typed, with a space before it.</summary>
    public override string ToString() =>
        (From, To) switch
        {
            (null, null) => "",
            (null, { } to) => $" until {to}",
            ({ } from, null) => $" since {from}",
            ({ } from, { } to) when from == to => $" on {from}",
            ({ } from, { } to) => $" between {from} and {to}",
        };

    // A moment that is named is meant: what happened at "14:00:05.123" exactly is until then too.
    private static DateTimeOffset EndOf(TimePoint to, DateTimeOffset now, TimeZoneInfo zone)
    {
        var (start, end) = to.In(now, zone);
        return end > start ? end : end.AddMilliseconds(1);
    }
}

/// <summary>A time in the log.</summary>
/// <param name="From">The first moment that belongs to it; null for the beginning.</param>
/// <param name="Before">The first moment that does not; null for none.</param>
public readonly record struct LogSpan(DateTimeOffset? From, DateTimeOffset? Before)
{
    /// <summary>True when nothing can be in it.</summary>
    public bool IsEmpty => From >= Before;

    /// <summary>True when a moment is in it.</summary>
    public bool Contains(DateTimeOffset time) => !(time < From) && !(time >= Before);

    /// <summary>In words, by somebody's clock: <c>2026-11-01 00:00 to 2026-11-08 00:00</c>.</summary>
    public string InWords(TimeZoneInfo zone) =>
        (From, Before) switch
        {
            (null, null) => "all history",
            (null, { } before) => $"until {Minute(before, zone)}",
            ({ } from, null) => $"since {Minute(from, zone)}",
            ({ } from, { } before) when before - from <= TimeSpan.FromMilliseconds(1) => $"at {Minute(from, zone)}",
            ({ } from, { } before) => $"{Minute(from, zone)} to {Minute(before, zone)}",
        };

    private static string Minute(DateTimeOffset time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
