using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Discord;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Discord;
using ChatOps.Hosting;
using ChatOps.Specs;
using ChatOps.StandIns.Discord;
using ChatOps.Storage.Sqlite;
using Role = ChatOps.Core.Domain.Authority.Role;

namespace ChatOps.Bench;

/// <summary>
/// How long it takes from an interaction's receipt to its first answer, at 50 a second, with bot and stand-in Discord together on one core;
/// one in five proposes a change. Then whether memory stays what it is over many of them.
/// </summary>
internal sealed class DiscordBenchmark(string scratch, string templates, bool quick)
{
    private const int PerSecond = 50;
    private const int Many = 10_000;

    public async Task RunAsync(Report report, CancellationToken cancel)
    {
        await using var discord = await StandInDiscord.StartAsync(configure: b => b.HasRateLimits = false);
        var edge = discord.AddChannel("edge");
        var operators = discord.AddRole("operators");
        var olga = discord.AddPerson("Olga", operators);
        await using var log = await SqliteEventLog.OpenAsync(Path.Combine(scratch, "discord-log.db"), cancel: cancel);
        var gateway = Gateway.WithDefaults(
            GivenEdge.GatewayName,
            [Text.Parse<Address>("203.0.113.10"), Text.Parse<Address>("2001:db8::10")],
            null
        );
        await using var host = await new ConversationHost(
            log,
            Path.Combine(scratch, "discord-past.db"),
            [gateway],
            SentenceLog.To(Console.Error.WriteLine),
            templates: templates
        ).StartAsync(cancel);
        var core = host.Core;
        var vm2 = new VmAdded(0, Text.Parse<Name<Vm>>("vm2"), [Text.Parse<Address>("400::100:0:0:2")]);
        await core.Ledger.DecideAsync(
            GivenEdge.GatewayName,
            new Core.Domain.Changes.Origin("bench:vm2", Actor.Configuration),
            _ => new Core.Decisions.Decision.Accepted([vm2]),
            cancel
        );
        await using var bot = DiscordSurface.Start(
            SettingsOf(discord, edge.Id, operators),
            core,
            Path.Combine(scratch, "discord.db"),
            TimeProvider.System,
            SentenceLog.To(Console.Error.WriteLine)
        );
        while (!discord.Gateway.IsConnected)
            await Task.Delay(20, cancel);

        using var core0 = await OneCore.HoldAsync(cancel);
        await MeasureAsync(olga, edge, PerSecond * 4, 10_000, cancel);
        var took = new Figures(await MeasureAsync(olga, edge, PerSecond * (quick ? 10 : 40), 20_000, cancel));
        report.Add(
            string.Create(CultureInfo.InvariantCulture, $"Discord: interaction to first answer at {PerSecond}/s on one core"),
            $"median {Report.Ms(took.Median)} ms, p99 {Report.Ms(took.P99)}",
            "median < 20 ms, p99 < 200 ms",
            took is { Median: < 20, P99: < 200 }
        );
        await MemoryAsync(report, discord, edge.Id, olga.Id, operators, bot, cancel);
    }

    private static async Task<List<double>> MeasureAsync(
        StandInPerson olga,
        StandInChannel edge,
        int count,
        int firstPort,
        CancellationToken cancel
    )
    {
        var took = new ConcurrentBag<double>();
        var open = new List<Task>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond));
        for (var i = 0; i < count && await timer.WaitForNextTickAsync(cancel); i++)
            open.Add(OneAsync(i));
        await Task.WhenAll(open);
        return [.. took];

        async Task OneAsync(int i)
        {
            var began = Stopwatch.GetTimestamp();
            var gesture =
                i % 5 == 0
                    ? await olga.SendAsync(
                        edge,
                        "expose",
                        ("vm", "vm2"),
                        ("port", "8080"),
                        ("on", (firstPort + i).ToString(CultureInfo.InvariantCulture))
                    )
                    : await olga.SendAsync(edge, i % 2 == 0 ? "status" : "vms");
            await gesture.AnswerAsync();
            took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    }

    // Without the stand-in, which remembers everything. The first ones fill what the bot remembers to do nothing twice.
    private static async Task MemoryAsync(
        Report report,
        StandInDiscord discord,
        string edge,
        string olga,
        string role,
        DiscordSurface bot,
        CancellationToken cancel
    )
    {
        await HandleAsync(1);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await HandleAsync(1 + Many);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        report.Add(
            string.Create(CultureInfo.InvariantCulture, $"Discord: managed memory over {Many:N0} more interactions"),
            string.Create(CultureInfo.InvariantCulture, $"{before / 1e6:0.0} MB before, {after / 1e6:0.0} MB after"),
            "flat: at most 5% more",
            after <= 1.05 * before
        );

        async Task HandleAsync(int first)
        {
            var by = new Person(Id(olga), "Olga", false, [Id(role)]);
            for (var i = 0; i < Many; i++)
            {
                var deed = new InteractionData.CommandSent(i % 2 == 0 ? "status" : "vms", []);
                await bot.Interactions.HandleAsync(
                    new(
                        new Snowflake((ulong)(first + i)),
                        Id(discord.Application),
                        new Secret("token"),
                        Id(discord.Guild),
                        Id(edge),
                        by,
                        DateTimeOffset.UtcNow,
                        deed
                    ),
                    new NoAnswer(),
                    cancel
                );
            }
        }
    }

    private static DiscordSettings SettingsOf(StandInDiscord discord, string edge, string operators) =>
        new(
            new DiscordOptions(new Secret(StandInDiscord.Token)) { ApiBase = discord.ApiBase, GatewayUrl = discord.GatewayUrl },
            Id(discord.Guild),
            [Id(edge)],
            null,
            ImmutableDictionary<Snowflake, Role>.Empty.Add(Id(operators), Role.Operator),
            null,
            null,
            UsesGateway: true
        );

    private static Snowflake Id(string text) => Snowflake.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    private sealed class NoAnswer : IFirstAnswer
    {
        public Task<RestResult<Message?>> SendAsync(InteractionResponse response, CancellationToken cancel) =>
            Task.FromResult<RestResult<Message?>>(new RestResult<Message?>.Done(null));
    }
}
