using ChatOps.Discord;
using ChatOps.StandIns.Discord;

namespace ChatOps.Specs.Discord;

/// <summary>The client against a Discord on loopback, in a time that runs faster than ours.</summary>
/// <param name="faster">How many times; 1 where Discord's 3 seconds count.</param>
public abstract class DiscordSpec(double faster = 20) : IAsyncLifetime
{
    private readonly CancellationTokenSource _over = new();
    private protected readonly HurriedClock _clock = new(faster);
    private protected StandInDiscord _discord = null!;
    private protected StandInChannel _channel = null!;
    private protected StandInPerson _ada = null!;
    private protected DiscordRest _rest = null!;

    private protected static CancellationToken None => CancellationToken.None;

    private protected Snowflake Channel => Id(_channel.Id);

    public async Task InitializeAsync()
    {
        _discord = await StandInDiscord.StartAsync(_clock);
        _channel = _discord.AddChannel("edge");
        _ada = _discord.AddPerson("Ada", _discord.AddRole("operators"));
        _rest = Rest(Options());
    }

    public async Task DisposeAsync()
    {
        await _over.CancelAsync();
        _rest.Dispose();
        await _discord.DisposeAsync();
    }

    // A machine that is busy with other tests answers slowly, and its time runs fast.
    private protected DiscordOptions Options(string token = StandInDiscord.Token) =>
        new(new Secret(token))
        {
            ApiBase = _discord.ApiBase,
            TryTimeout = TimeSpan.FromMinutes(5),
            SessionTimeout = TimeSpan.FromMinutes(5),
        };

    private protected DiscordRest Rest(DiscordOptions options) => new(options, _clock, Random.Shared);

    private protected static Snowflake Id(string text) => Snowflake.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    private protected static MessagePayload Text(string text) => new() { Content = text };

    private protected static T Done<T>(RestResult<T> result) => Assert.IsType<RestResult<T>.Done>(result).Value;

    private protected static RestError No<T>(RestResult<T> result) => Assert.IsType<RestResult<T>.Refused>(result).Why;

    /// <summary>Begins to listen; the events can be waited for.</summary>
    private protected Heard Listen(DiscordOptions? options = null, Intents intents = Intents.Guilds | Intents.GuildMessages)
    {
        var used = options ?? Options();
        return new Heard(new DiscordGateway(used, intents, _rest, _clock, Random.Shared), _over.Token);
    }
}
