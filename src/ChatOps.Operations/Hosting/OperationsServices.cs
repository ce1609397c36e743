using ChatOps.Core.Changes;
using ChatOps.Core.Erasure;
using ChatOps.Core.Loops;
using ChatOps.Core.Policy;
using ChatOps.Core.Ports;
using ChatOps.Operations.Api;
using ChatOps.Operations.Applying;
using ChatOps.Operations.Reconciling;
using ChatOps.Operations.Running;
using ChatOps.Operations.Settings;
using ChatOps.Operations.Statistics;
using ChatOps.Rendering;
using ChatOps.Storage.Board;
using ChatOps.Storage.ReadModels;
using ChatOps.Storage.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatOps.Operations.Hosting;

/// <summary>Registers what changes gateways, the same for a Functions host and for a process of its own.</summary>
public static class OperationsServices
{
    /// <summary>The services, over stores that other processes share. Names and reasons stay sealed: these processes have no keys of people.</summary>
    /// <param name="services">Gets them.</param>
    /// <param name="settings">What the process is told. Its <see cref="SharedStores"/> are to be opened before the host starts.</param>
    public static IServiceCollection AddOperations(this IServiceCollection services, AppSettings settings) =>
        services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(s => new SharedStores(settings.Stores, "functions", s.GetRequiredService<ILoggerFactory>()))
            .AddSingleton<IEventLog>(s => new ErasableLog(s.GetRequiredService<SharedStores>().Log, keys: null))
            .AddSingleton<Ledger>()
            .AddSingleton(s => s.GetRequiredService<SharedStores>().Queue)
            .AddSingleton<IConfigRenderer>(_ => new ConfigRenderer(new Templates(Path.Combine(AppContext.BaseDirectory, "templates"))))
            .AddSingleton(_ => settings.OpenShell())
            .AddSingleton(s => new PublishedBoard(s.GetRequiredService<SharedStores>().Board, s.GetRequiredService<ILogger<PublishedBoard>>()))
            .AddSingleton<IHealthBoard>(s => s.GetRequiredService<PublishedBoard>())
            .AddSingleton<IApplyProgress>(s => s.GetRequiredService<PublishedBoard>())
            .AddSingleton<IReadModel>(s => new SqliteReadModel(Path.Combine(settings.Stores.Data, "functions", "past.db"), s.GetRequiredService<IEventLog>()))
            .AddSingleton(new ChangePolicy([], settings.RepairsByItself))
            .AddSingleton(ApplyOptions.Default)
            .AddSingleton(ReconcileOptions.Default)
            .AddSingleton(s => ActivatorUtilities.CreateInstance<ApplyTools>(s) with { Lease = s.GetRequiredService<SharedStores>().Lease })
            .AddSingleton<Apply>()
            .AddSingleton<Reconcile>()
            .AddSingleton<Sampler>()
            .AddSingleton<NudgeHandler>()
            .AddSingleton<OperationsApi>()
            .AddSingleton<NudgeReceiver>()
            .AddLoops((s, loops) => loops.Start("writing the board", stop => s.GetRequiredService<PublishedBoard>().Writing.WaitAsync(stop)));

    /// <summary>Takes nudges from the queue here, where no Functions host calls with them.</summary>
    public static IServiceCollection AddNudgeReceiver(this IServiceCollection services) =>
        services.AddLoops((s, loops) => loops.Start("taking nudges", s.GetRequiredService<NudgeReceiver>().RunAsync));

    /// <summary>Takes nudges and keeps the timers here, where there is no Functions host.</summary>
    public static IServiceCollection AddGatewayWorker(this IServiceCollection services) =>
        services.AddLoops((s, loops) => ActivatorUtilities.CreateInstance<GatewayWorker>(s, s.GetRequiredService<ReconcileOptions>().Every).Start(loops));

    private static IServiceCollection AddLoops(this IServiceCollection services, Action<IServiceProvider, BackgroundLoops> start) =>
        services.AddSingleton<IHostedService>(s => new LoopsService(
            loops => start(s, loops),
            s.GetRequiredService<IHostApplicationLifetime>(),
            s.GetRequiredService<ILogger<LoopsService>>()
        ));
}
