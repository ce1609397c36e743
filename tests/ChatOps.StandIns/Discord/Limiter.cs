using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ChatOps.StandIns.Discord;

/// <summary>Counts requests as Discord does: for each route and channel (or webhook), and for the bot in all.</summary>
internal sealed class Limiter(Behaviour behaviour, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Bucket, string Major), Window> _windows = [];
    private readonly Window _global = new();

    /// <summary>How many requests had to be refused.</summary>
    public int Refused { get; private set; }

    /// <summary>Counts a request, and writes its headers.</summary>
    /// <returns>Null when it may pass; else for how long not, and whether that is so for all.</returns>
    public (TimeSpan Wait, string Scope)? Count(string bucket, string major, bool isBot, IHeaderDictionary headers)
    {
        if (!behaviour.HasRateLimits)
            return null;
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (isBot && _global.Take(now, TimeSpan.FromSeconds(1), behaviour.GlobalLimit) is { } all)
            {
                Refused++;
                return (all, "global");
            }

            if (!_windows.TryGetValue((bucket, major), out var window))
                _windows[(bucket, major)] = window = new();
            var refused = window.Take(now, behaviour.RouteWindow, behaviour.RouteLimit);
            var left = window.Ends - now;
            headers["X-RateLimit-Limit"] = Text(behaviour.RouteLimit);
            headers["X-RateLimit-Remaining"] = Text(Math.Max(0, behaviour.RouteLimit - window.Taken));
            headers["X-RateLimit-Reset"] = (window.Ends.ToUnixTimeMilliseconds() / 1000.0).ToString("0.000", CultureInfo.InvariantCulture);
            headers["X-RateLimit-Reset-After"] = left.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
            headers["X-RateLimit-Bucket"] = bucket;
            if (refused is not { } wait)
                return null;
            Refused++;
            return (wait, "user");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class Window
    {
        public DateTimeOffset Ends { get; private set; } = DateTimeOffset.MinValue;

        public int Taken { get; private set; }

        public TimeSpan? Take(DateTimeOffset now, TimeSpan length, int limit)
        {
            if (now >= Ends)
                (Ends, Taken) = (now + length, 0);
            if (Taken >= limit)
                return Ends - now;
            Taken++;
            return null;
        }
    }
}
