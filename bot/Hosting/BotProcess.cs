using System.Collections.Immutable;
using ChatOps.Bot.Configuration;
using ChatOps.Core.Gateways;
using ChatOps.Storage;
using ChatOps.Storage.Board;
using ChatOps.Storage.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Hosting;

/// <summary>
/// The bot as a process of its own, over stores that it shares with the function app. It has no way to reach a gateway: what it knows of one is in
/// the log and on the board.
/// </summary>
public static class BotProcess
{
    /// <summary>Runs until the input ends or it is stopped, and returns the exit code.</summary>
    public static Task<int> RunAsync(string[] args) => ChatProgram.RunAsync(cancel => RunAsync(args, cancel));

    private static async Task<int> RunAsync(string[] args, CancellationToken cancel)
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(BotSettings.Checked(args), BotSettings.Switches)
            .Build();
        var settings = BotSettings.Read(configuration);
        var policy = PolicyFile.Load(settings.Policy);
        var surfaces = Surfaces.Of(policy, settings.Policy, settings.Port, settings.Settle);
        using var logs = surfaces.OpenLog();
        await using var stores = new SharedStores(settings.Stores, "bot", logs);
        await stores.OpenAsync(cancel);
        await using var queue = new HurriedQueue(stores.Queue, settings.Functions, settings.FunctionsKey, logs.CreateLogger<HurriedQueue>());
        queue.Warm();
        var (clock, board) = (TimeProvider.System, new HealthBoard());
        var data = Path.Combine(settings.Stores.Data, "bot");
        await using var log = await KeptLog.OpenAsync(stores, data, settings.Checkpoints, clock, logs, cancel);
        await using var core = new ConversationCore(log.Events, queue, board, policy.Policy, Path.Combine(AppContext.BaseDirectory, "templates"), Path.Combine(data, "past.db"), clock, logs, log.Keeping);
        await core.StartAsync(GatewaysOf(settings), cancel);
        var reader = new BoardReader(stores.Board, board, core.Progress, () => core.Unsettled.Count > 0, clock, logs.CreateLogger<BoardReader>());
        core.Loops.Start("reading the board", reader.RunAsync);
        core.Loops.Start("signing checkpoints", log.RunAsync);
        core.Loops.Start("reading the policy file", new PolicyWatch(policy, core).RunAsync);
        return await core.Loops.WhileRunningAsync(
            over => DiscordHost.BesideAsync(policy, name => configuration[name], core, settings.DiscordNotes, logs, TalkAsync, over),
            cancel
        );

        Task<int> TalkAsync(CancellationToken over) =>
            settings.Serves ? new ServiceHost(policy, settings, name => configuration[name], Path.Combine(data, "sign-in"), logs.CreateLogger<ServiceHost>()).RunAsync(core, over) : surfaces.RunAsync(core, over);
    }

    private static ImmutableArray<Gateway> GatewaysOf(BotSettings settings) =>
        settings.Lab is { } lab ? KnownGateways.OfLab(lab)
        : settings.HasFolders ? KnownGateways.OfFolders
        : [];
}
