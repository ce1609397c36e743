using ChatOps.Core.Application.Erasure;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Hosting;
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
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ChatOps.Operations.Hosting;

/// <summary>
/// Registers what changes gateways, the same for a Functions host, for a process of its own and within the local edition.
/// </summary>
public static class OperationsServices
{
    /// <summary>
    /// What changes gateways and looks after them, over whatever log, queue, board, policy and shell are registered. How long it waits and
    /// how often it looks is the usual, unless <see cref="ApplyOptions"/> and <see cref="ReconcileOptions"/> are.
    /// </summary>
    public static IServiceCollection AddOperations(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(ApplyOptions.Default);
        services.TryAddSingleton(ReconcileOptions.Default);
        services.TryAddSingleton<Ledger>();
        services.TryAddSingleton<ApplyTools>();
        return services
            .AddSingleton<Apply>()
            .AddSingleton<Reconcile>()
            .AddSingleton<Sampler>()
            .AddSingleton<NudgeHandler>()
            .AddSingleton<NudgeReceiver>();
    }

    /// <summary>
    /// The same over stores that other processes share. Names and reasons stay sealed: these processes have no keys of people.
    /// </summary>
    /// <param name="settings">What the process is told. Its <see cref="SharedStores"/> are to be opened before the host starts.</param>
    public static IServiceCollection AddOperations(this IServiceCollection services, AppSettings settings) =>
        services
            .AddSingleton(s => new SharedStores(settings.Stores, "functions", s.GetRequiredService<ILoggerFactory>()))
            .AddSingleton<IEventLog>(s => new ErasableLog(s.GetRequiredService<SharedStores>().Log, keys: null))
            .AddSingleton(s => s.GetRequiredService<SharedStores>().Queue)
            .AddSingleton<IConfigRenderer>(_ => new ConfigRenderer(new Templates(Path.Combine(AppContext.BaseDirectory, "templates"))))
            .AddSingleton(_ => settings.OpenShell())
            .AddSingleton(s => new PublishedBoard(
                s.GetRequiredService<SharedStores>().Board,
                s.GetRequiredService<ILogger<PublishedBoard>>()
            ))
            .AddSingleton<IHealthBoard>(s => s.GetRequiredService<PublishedBoard>())
            .AddSingleton<IApplyProgress>(s => s.GetRequiredService<PublishedBoard>())
            .AddSingleton<IReadModel>(s => new SqliteReadModel(
                Path.Combine(settings.Stores.Data, "functions", "past.db"),
                s.GetRequiredService<IEventLog>()
            ))
            .AddSingleton(new ChangePolicy([], settings.RepairsByItself))
            .AddSingleton(s => ActivatorUtilities.CreateInstance<ApplyTools>(s) with { Lease = s.GetRequiredService<SharedStores>().Lease })
            .AddSingleton<OperationsApi>()
            .AddOperations()
            .AddLoop("writing the board", (s, stop) => s.GetRequiredService<PublishedBoard>().Writing.WaitAsync(stop));

    /// <summary>Takes nudges from the queue here, where no Functions host calls with them.</summary>
    public static IServiceCollection AddNudgeReceiver(this IServiceCollection services) =>
        services.AddLoop("taking nudges", (s, stop) => s.GetRequiredService<NudgeReceiver>().RunAsync(stop));

    /// <summary>Takes nudges and keeps the timers here, where there is no Functions host.</summary>
    public static IServiceCollection AddGatewayWorker(this IServiceCollection services) =>
        services
            .AddSingleton<GatewayTimers>()
            .AddNudgeReceiver()
            .AddLoop("reconciling by a timer", (s, stop) => s.GetRequiredService<GatewayTimers>().ReconcileAsync(stop))
            .AddLoop("asking for statistics by a timer", (s, stop) => s.GetRequiredService<GatewayTimers>().SampleAsync(stop));
}
