using System.Collections.Immutable;
using ChatOps.Azure.Shared;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Hosting;
using ChatOps.Bot.Local;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatOps.CloudBot;

/// <summary>
/// The bot as a process of its own, over stores that it shares with the function app. It has no way to reach a gateway: what it knows of
/// one is in the log and on the board.
/// </summary>
internal static class BotProcess
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
        var surfaces = ConsoleFrontend.Of(policy, settings.Policy, settings.Port, settings.Settle);
        using var logs = surfaces.OpenLog();
        await using var stores = new SharedStores(settings.Stores, "bot", logs);
        await stores.OpenAsync(cancel);
        await using var queue = new HttpNotifyingQueue(
            stores.Queue,
            settings.Functions,
            settings.FunctionsKey,
            logs.CreateLogger<HttpNotifyingQueue>()
        );
        queue.Warm();
        var clock = TimeProvider.System;
        var data = settings.Stores.FolderOf("bot");
        await using var log = await SharedLog.OpenAsync(stores, data, settings.Checkpoints, clock, logs, cancel);
        var builder = HostingServices.NewBuilder(logs);
        builder.Configuration.AddConfiguration(configuration);
        builder
            .Services.AddSingleton(log.Events)
            .AddSingleton<INudgeQueue>(queue)
            .AddSingleton(policy.Policy)
            .AddLogTalk(_ => log.Keeping)
            .AddConversation(new(Path.Combine(AppContext.BaseDirectory, "templates"), Path.Combine(data, "past.db"), GatewaysOf(settings)))
            .AddBoardReader(stores)
            .AddLoop("signing checkpoints", (_, stop) => log.RunAsync(stop))
            .AddPolicyWatch(policy)
            .AddDiscord(settings.DiscordNotes);
        using var host = builder.Build();
        try
        {
            await host.StartAsync(cancel);
            var core = host.Services.GetRequiredService<ConversationCore>();
            var code = await host.Services.GetRequiredService<LoopEnd>().WhileRunningAsync(over => TalkAsync(core, over), cancel);
            return await host.Services.GetRequiredService<DiscordService>().IsWelcomeAsync() ? code : Math.Max(code, 1);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }

        Task<int> TalkAsync(ConversationCore core, CancellationToken over) =>
            settings.Serves
                ? new ServiceHost(
                    policy,
                    settings,
                    name => configuration[name],
                    Path.Combine(data, "sign-in"),
                    logs.CreateLogger<ServiceHost>()
                ).RunAsync(core, over)
                : surfaces.RunAsync(core, over);
    }

    private static ImmutableArray<Gateway> GatewaysOf(BotSettings settings) =>
        settings.Lab is { } lab ? KnownGateways.OfLab(lab)
        : settings.HasFolders ? KnownGateways.OfFolders
        : [];
}
