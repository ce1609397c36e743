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
using ChatOps.Storage.ReadModels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ChatOps.Operations.Hosting;

/// <summary>
/// Registers what changes gateways, the same for a Functions host, for a process of its own and within the local edition.
/// </summary>
public static class OperationsServices
{
    /// <summary>
    /// What changes gateways and looks after them, over whatever log, queue, board, policy and shell are registered, and the lock of
    /// gateways where there is one. How long it waits and how often it looks is the usual, unless <see cref="ApplyOptions"/> and
    /// <see cref="ReconcileOptions"/> are registered too.
    /// </summary>
    public static IServiceCollection AddOperations(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(ApplyOptions.Default);
        services.TryAddSingleton(ReconcileOptions.Default);
        services.TryAddSingleton<Ledger>();
        services.TryAddSingleton(s => ActivatorUtilities.CreateInstance<ApplyTools>(s) with { Lease = s.GetService<IGatewayLock>() });
        return services
            .AddSingleton<Apply>()
            .AddSingleton<Reconcile>()
            .AddSingleton<Sampler>()
            .AddSingleton<NudgeHandler>()
            .AddSingleton<NudgeReceiver>();
    }

    /// <summary>The same as the settings of a process say that works for other processes and answers them.</summary>
    /// <param name="past">The file of the read model, of this process alone; it can be lost.</param>
    public static IServiceCollection AddOperations(this IServiceCollection services, AppSettings settings, string past) =>
        services
            .AddSingleton<IConfigRenderer>(_ => new ConfigRenderer(new Templates(Path.Combine(AppContext.BaseDirectory, "templates"))))
            .AddSingleton(_ => settings.OpenShell())
            .AddSingleton<IReadModel>(s => new SqliteReadModel(past, s.GetRequiredService<IEventLog>()))
            .AddSingleton(new ChangePolicy([], settings.RepairsByItself))
            .AddSingleton<OperationsApi>()
            .AddOperations();

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
