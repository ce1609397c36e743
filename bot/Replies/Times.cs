using System.Globalization;

namespace ChatOps.Bot.Replies;

internal static class Times
{
    /// <summary>A moment in the zone of this machine: where many look at it at once.</summary>
    public static string Local(DateTimeOffset time) => In(time, TimeZoneInfo.Local);

    /// <summary>A moment by someone's clock.</summary>
    public static string In(DateTimeOffset time, TimeZoneInfo zone) => Write(time, zone, "yyyy-MM-dd HH:mm:ss");

    /// <summary>A moment by someone's clock, to the minute.</summary>
    public static string Minute(DateTimeOffset time, TimeZoneInfo zone) => Write(time, zone, "yyyy-MM-dd HH:mm");

    /// <summary>A moment by someone's clock as ISO 8601 writes it, for files.</summary>
    public static string Iso(DateTimeOffset time, TimeZoneInfo zone) => Write(time, zone, "yyyy-MM-dd'T'HH:mm:ss.fffzzz");

    /// <summary>How long ago: <c>12 s ago</c>, <c>3 min ago</c>, <c>5 h ago</c>, <c>2 d ago</c>.</summary>
    public static string Ago(TimeSpan span) => $"{Length(span)} ago";

    /// <summary>How long: <c>12 s</c>, <c>3 min</c>, <c>5 h</c>, <c>2 d</c>.</summary>
    public static string Length(TimeSpan span) =>
        span.TotalSeconds switch
        {
            < 60 => $"{(int)Math.Max(0, span.TotalSeconds)} s",
            < 3600 => $"{(int)span.TotalMinutes} min",
            < 86400 => $"{(int)span.TotalHours} h",
            _ => $"{(int)span.TotalDays} d",
        };

    private static string Write(DateTimeOffset time, TimeZoneInfo zone, string format) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString(format, CultureInfo.InvariantCulture);
}
