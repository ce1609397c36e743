using ChatOps.Azure.Board;
using ChatOps.Core.Application.Erasure;
using ChatOps.Core.Application.Ports;
using ChatOps.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatOps.Azure.Shared;

/// <summary>Registers what a process has of the stores.</summary>
public static class SharedServices
{
    /// <summary>
    /// For a process that changes gateways: log, queue, lock and board. Names and reasons stay sealed: such a process has no keys of people. <see cref="SharedStores"/> are to be
    /// opened before the host starts.
    /// </summary>
    /// <param name="process">The name of the process's own folder.</param>
    public static IServiceCollection AddSharedStores(this IServiceCollection services, StoreSettings settings, string process) =>
        services
            .AddSingleton(s => new SharedStores(settings, process, s.GetRequiredService<ILoggerFactory>()))
            .AddSingleton<IEventLog>(s => new ErasableLog(s.GetRequiredService<SharedStores>().Log, keys: null))
            .AddSingleton(s => s.GetRequiredService<SharedStores>().Queue)
            .AddSingleton(s => s.GetRequiredService<SharedStores>().Lease)
            .AddSingleton(s => new PublishedBoard(
                s.GetRequiredService<SharedStores>().Board,
                s.GetRequiredService<ILogger<PublishedBoard>>()
            ))
            .AddSingleton<IHealthBoard>(s => s.GetRequiredService<PublishedBoard>())
            .AddSingleton<IApplyProgress>(s => s.GetRequiredService<PublishedBoard>())
            .AddLoop("writing the board", (s, stop) => s.GetRequiredService<PublishedBoard>().Writing.WaitAsync(stop));

    /// <summary>Reads what another process publishes of the gateways.</summary>
    /// <param name="stores">The stores; not disposed of by the host.</param>
    /// <param name="isAwaited">True while somebody waits for a change, and it is to be read often.</param>
    public static IServiceCollection AddBoardReader(
        this IServiceCollection services,
        SharedStores stores,
        Func<IServiceProvider, bool> isAwaited
    ) =>
        services
            .AddSingleton(s => ActivatorUtilities.CreateInstance<BoardReader>(s, stores.Board, () => isAwaited(s)))
            .AddLoop("reading the board", (s, stop) => s.GetRequiredService<BoardReader>().RunAsync(stop));
}
