using System.Globalization;

namespace ChatOps.Bot.Replies;

/// <summary>Times as people read them.</summary>
public static class Times
{
    /// <summary>A moment in the zone of this machine, which is the reader's in the local edition.</summary>
    public static string Local(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

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
}
