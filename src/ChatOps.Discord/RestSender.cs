using System.Net;
using System.Text.Json;
using ChatOps.Hosting;

namespace ChatOps.Discord;

/// <summary>
/// Sends requests: within the rate limits, again when Discord does not work, and never after the moment from which it would be too late.
/// </summary>
internal sealed class RestSender(HttpClient http, DiscordOptions options, TimeProvider clock, Random random)
{
    private const int MostRefusals = 10;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan UnsaidPause = TimeSpan.FromSeconds(5);

    private readonly BackOff _backOff = new(options.FirstPause, LongestPause, random);

    /// <summary>Told of each pause of more than half a minute.</summary>
    public event Action<TimeSpan, string>? Waiting;

    /// <summary>The rate limits that the answers have told of.</summary>
    public RateLimits Limits { get; } = new(clock);

    /// <exception cref="DiscordStopException">The token is wrong.</exception>
    public async Task<RestResult<JsonElement>> SendAsync(RestRequest request, CancellationToken cancel)
    {
        if (request.Until is not { } until)
            return await TryAsync(request, cancel);
        var left = until - clock.GetUtcNow();
        if (left <= TimeSpan.Zero)
            return new RestResult<JsonElement>.Refused(RestErrors.TooLate(request));
        using var deadline = new CancellationTokenSource(left, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            return await TryAsync(request, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new RestResult<JsonElement>.Refused(RestErrors.TooLate(request));
        }
    }

    private async Task<RestResult<JsonElement>> TryAsync(RestRequest request, CancellationToken cancel)
    {
        var (failures, refusals) = (0, 0);
        while (true)
        {
            var outcome = await OnceAsync(request, failures > 0, cancel);
            if (outcome.Result is { } result)
                return result;
            if (outcome.IsLimited && ++refusals >= MostRefusals)
                return new RestResult<JsonElement>.Refused(RestErrors.Unavailable(request, refusals, outcome.Problem));
            if (!outcome.IsLimited && ++failures >= options.Tries)
                return new RestResult<JsonElement>.Refused(RestErrors.Unavailable(request, failures, outcome.Problem));
            if (!outcome.IsLimited)
                await _backOff.WaitAsync(failures, clock, cancel);
        }
    }

    private async Task<Outcome> OnceAsync(RestRequest request, bool isRepeated, CancellationToken cancel)
    {
        using var pass = await Limits.EnterAsync(request, cancel);
        using var timeout = new CancellationTokenSource(options.TryTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            using var message = MessageOf(request);
            using var response = await http.SendAsync(message, either.Token);
            var body = Parse(await response.Content.ReadAsByteArrayAsync(either.Token));
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
                return Limited(pass, request, response, body);
            pass.Learn(response.Headers);
            return Judge(request, isRepeated, (int)response.StatusCode, body);
        }
        catch (HttpRequestException e)
        {
            return new(null, e.Message, false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(null, $"no answer within {options.TryTimeout.TotalSeconds} s", false);
        }
    }

    private HttpRequestMessage MessageOf(RestRequest request)
    {
        var message = new HttpRequestMessage(request.Method, options.At(request.Path)) { Content = request.Body?.ToContent() };
        if (request.AsBot)
            message.Headers.Authorization = new("Bot", options.Token.Reveal());
        return message;
    }

    private static Outcome Judge(RestRequest request, bool isRepeated, int status, JsonElement? body)
    {
        if (status is >= 200 and < 300)
            return new(new RestResult<JsonElement>.Done(body ?? default), "", false);
        if (status == 401 && request.AsBot && body is { ValueKind: JsonValueKind.Object })
            throw DiscordStopException.WrongToken();
        var error = RestErrors.Of(request, status, body);
        if (error.Kind == Refusing.Unavailable)
            return new(null, error.Sentence, false);
        return isRepeated && request.DoneBefore != 0 && error.Code == request.DoneBefore
            ? new(new RestResult<JsonElement>.Done(default), "", false)
            : new(new RestResult<JsonElement>.Refused(error), "", false);
    }

    private Outcome Limited(RateLimits.Pass pass, RestRequest request, HttpResponseMessage response, JsonElement? body)
    {
        var pause = body?.Seconds("retry_after") is { } seconds and >= 0 and < 86_400
            ? TimeSpan.FromSeconds(seconds)
            : RateLimits.SecondsOf(response.Headers, "Retry-After") ?? UnsaidPause;
        var isGlobal = body?.Flag("global") == true || response.Headers.Contains("X-RateLimit-Global");
        pass.Learn(response.Headers);
        pass.Block(pause, isGlobal && request.AsBot);
        if (pause > LongestPause)
            Waiting?.Invoke(pause, $"{request.Doing}: 429{(isGlobal ? ", for all that the bot does" : "")}");
        return new(null, $"429, to be tried again in {pause.TotalSeconds} s", true);
    }

    // What stands before Discord answers in HTML when it is out of order.
    private static JsonElement? Parse(byte[] body)
    {
        try
        {
            return body.Length == 0 ? null : JsonElement.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Outcome(RestResult<JsonElement>? Result, string Problem, bool IsLimited);
}
