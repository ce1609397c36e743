using System.Globalization;
using System.Net.Http.Headers;

namespace ChatOps.Discord;

/// <summary>
/// Discord's rate limits. Routes share limits in ways that only the answers tell (<c>X-RateLimit-Bucket</c>); a limit is counted for each
/// channel, server or webhook by itself. Servers that say nothing of limits are not limited, until they answer 429.
/// </summary>
internal sealed class RateLimits(TimeProvider clock)
{
    private const int Kept = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _sharedBy = [];
    private readonly Dictionary<(string Limit, string Major), Held> _buckets = [];
    private readonly GlobalLimit _global = new(clock);

    public int Count
    {
        get
        {
            lock (_lock)
                return _buckets.Count;
        }
    }

    public async Task<Pass> EnterAsync(RestRequest request, CancellationToken cancel)
    {
        var route = $"{request.Method} {request.Route}";
        while (true)
        {
            var held = Hold(route, request.Major);
            try
            {
                await held.Bucket.EnterAsync(cancel);
            }
            catch
            {
                Release(held);
                throw;
            }

            var pass = new Pass(this, route, request.Major, held);
            try
            {
                // While it waited, an answer may have said that the route belongs to another limit.
                if (LimitOf(route) == held.Limit)
                {
                    if (request.AsBot)
                        await _global.EnterAsync(cancel);
                    return pass;
                }
            }
            catch
            {
                pass.Dispose();
                throw;
            }

            pass.Dispose();
        }
    }

    /// <summary>A header that holds seconds, whole or not; null when there is none.</summary>
    internal static TimeSpan? SecondsOf(HttpResponseHeaders headers, string name) =>
        double.TryParse(Header(headers, name), CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 86_400
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private string LimitOf(string route)
    {
        lock (_lock)
            return _sharedBy.GetValueOrDefault(route, route);
    }

    private Held Hold(string route, string major)
    {
        lock (_lock)
        {
            var limit = _sharedBy.GetValueOrDefault(route, route);
            if (!_buckets.TryGetValue((limit, major), out var held))
            {
                if (_buckets.Count >= Kept)
                    Forget();
                _buckets[(limit, major)] = held = new(limit, new RateBucket(clock));
            }

            held.Users++;
            return held;
        }
    }

    private void Release(Held held)
    {
        lock (_lock)
            held.Users--;
    }

    // Every interaction is a webhook of its own, so limits come and go.
    private void Forget()
    {
        foreach (var (key, held) in _buckets.Where(b => b.Value.Users == 0 && b.Value.Bucket.IsIdle).ToList())
            _buckets.Remove(key);
    }

    private void Learn(Pass pass, HttpResponseHeaders headers)
    {
        if (Header(headers, "X-RateLimit-Bucket") is { } shared)
        {
            lock (_lock)
                _sharedBy[pass.Route] = shared;
        }

        var remaining = int.TryParse(Header(headers, "X-RateLimit-Remaining"), CultureInfo.InvariantCulture, out var left)
            ? left
            : (int?)null;
        var held = Hold(pass.Route, pass.Major);
        held.Bucket.Learn(remaining, SecondsOf(headers, "X-RateLimit-Reset-After"), held == pass.Held);

        // Whoever waits at the old limit goes on to this one.
        if (held != pass.Held)
            pass.Held.Bucket.Learn(null, null, true);
        Release(held);
    }

    private static string? Header(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    internal sealed class Pass(RateLimits limits, string route, string major, Held held) : IDisposable
    {
        public string Route => route;

        public string Major => major;

        public Held Held => held;

        public void Learn(HttpResponseHeaders headers) => limits.Learn(this, headers);

        /// <summary>The request was refused: nothing more for a while, under this limit or of all that the bot sends.</summary>
        public void Block(TimeSpan time, bool isGlobal)
        {
            if (isGlobal)
            {
                limits._global.Block(time);
                return;
            }

            var now = limits.Hold(route, major);
            now.Bucket.Block(time);
            limits.Release(now);
        }

        public void Dispose()
        {
            held.Bucket.Leave();
            limits.Release(held);
        }
    }

    internal sealed class Held(string limit, RateBucket bucket)
    {
        public string Limit => limit;

        public RateBucket Bucket => bucket;

        public int Users { get; set; }
    }
}
