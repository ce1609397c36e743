using System.Collections.Immutable;
using System.Net;
using System.Text.Json;

namespace ChatOps.Discord;

/// <summary>
/// Discord's REST API, version 10: what the bot uses of it. Requests wait for their rate limit and are tried again when Discord does not
/// work; a no comes back as a value. Source: Discord's developer documentation.
/// </summary>
/// <exception cref="DiscordStopException">From every method: the token is wrong.</exception>
public sealed partial class DiscordRest : IDisposable
{
    private const int LargestAnswer = 8 * 1024 * 1024;

    private readonly HttpClient _http;
    private readonly RestSender _sender;
    private readonly TimeProvider _clock;

    /// <summary>Makes a client. Nothing is sent yet.</summary>
    /// <param name="options">Where Discord is and as whom to speak to it.</param>
    /// <param name="clock">The time, for all waiting.</param>
    /// <param name="random">Spreads repeated tries; safe for many threads, such as <see cref="Random.Shared"/>.</param>
    /// <exception cref="ArgumentException">The token would go where <see cref="DiscordOptions.Problem"/> says that it may not.</exception>
    public DiscordRest(DiscordOptions options, TimeProvider clock, Random random)
    {
        if (options.Problem is { } problem)
            throw new ArgumentException(problem, nameof(options));

        // A redirect would take the token along to another host.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AutomaticDecompression = DecompressionMethods.All,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswer };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd(DiscordOptions.UserAgent);
        _clock = clock;
        _sender = new RestSender(_http, options, clock, random);
    }

    /// <summary>Told when Discord has a request wait for longer than half a minute: how long, and what was being done.</summary>
    public event Action<TimeSpan, string>? Waiting
    {
        add => _sender.Waiting += value;
        remove => _sender.Waiting -= value;
    }

    /// <summary>The bot's own user.</summary>
    public Task<RestResult<Person>> MeAsync(CancellationToken cancel) =>
        GetAsync("users/@me", "users/@me", "", "asking who the bot is", j => Person.Read(j, null), cancel);

    /// <summary>The application that the bot belongs to.</summary>
    public Task<RestResult<Application>> ApplicationAsync(CancellationToken cancel) =>
        GetAsync("applications/@me", "applications/@me", "", "asking for the application", Application.Read, cancel);

    /// <summary>Where the gateway is and how many sessions may still be started.</summary>
    public Task<RestResult<GatewayStart>> GatewayAsync(CancellationToken cancel) =>
        GetAsync("gateway/bot", "gateway/bot", "", "asking for the gateway", GatewayStart.Read, cancel);

    /// <summary>A channel or thread.</summary>
    public Task<RestResult<Channel>> ChannelAsync(Snowflake channel, CancellationToken cancel) =>
        GetAsync("channels/{}", $"channels/{channel}", $"{channel}", $"asking for channel {channel}", Channel.Read, cancel);

    /// <summary>The roles of a server.</summary>
    public Task<RestResult<ImmutableArray<GuildRole>>> RolesAsync(Snowflake guild, CancellationToken cancel) =>
        GetAsync<ImmutableArray<GuildRole>>(
            "guilds/{}/roles",
            $"guilds/{guild}/roles",
            $"{guild}",
            $"asking for the roles of server {guild}",
            j => GuildRole.ReadAll(j),
            cancel
        );

    /// <summary>Makes a server's commands these, in one request, and only if they are not already.</summary>
    /// <returns>True when they were changed.</returns>
    public async Task<RestResult<bool>> RegisterAsync(
        Snowflake application,
        Snowflake guild,
        ImmutableArray<CommandDefinition> commands,
        CancellationToken cancel
    )
    {
        const string Route = "applications/{}/guilds/{}/commands";
        var (path, major, wanted) = ($"applications/{application}/guilds/{guild}/commands", $"{guild}", CommandWriter.Write(commands));
        var present = await GetAsync<ImmutableArray<CommandDefinition>>(
            Route,
            path,
            major,
            $"asking for the commands in server {guild}",
            j => CommandReader.Read(j),
            cancel
        );
        if (present.Error is { } error)
            return new RestResult<bool>.Refused(error);
        if (CommandWriter.Write(present.ValueOrDefault).AsSpan().SequenceEqual(wanted))
            return new RestResult<bool>.Done(false);
        var put = new RestRequest(HttpMethod.Put, Route, path, $"registering the commands in server {guild}")
        {
            Major = major,
            Body = new(wanted, []),
        };
        return await SendAsync<bool>(put, _ => true, cancel);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private Task<RestResult<T>> GetAsync<T>(
        string route,
        string path,
        string major,
        string doing,
        Func<JsonElement, T?> read,
        CancellationToken cancel
    ) => SendAsync(new RestRequest(HttpMethod.Get, route, path, doing) { Major = major }, read, cancel);

    private async Task<RestResult<T>> SendAsync<T>(RestRequest request, Func<JsonElement, T?> read, CancellationToken cancel)
    {
        var result = await _sender.SendAsync(request, cancel);
        if (result is RestResult<JsonElement>.Refused refused)
            return new RestResult<T>.Refused(refused.Why);
        return read(((RestResult<JsonElement>.Done)result).Value) is { } value
            ? new RestResult<T>.Done(value)
            : new RestResult<T>.Refused(new(Refusing.Invalid, 200, 0, $"{request.Doing}: what came back is not what was asked for"));
    }
}
