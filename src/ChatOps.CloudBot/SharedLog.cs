using ChatOps.Azure.Shared;
using ChatOps.Bot.Exports;
using ChatOps.Bot.Hosting;
using ChatOps.Bot.Local;
using ChatOps.Core.Application.Ports;
using ChatOps.Proof.Keeping;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatOps.CloudBot;

/// <summary>What the bot has in stores that it shares with other processes.</summary>
internal static class SharedLog
{
    /// <summary>Opens what lies beside a log in blobs: keys and checkpoints in containers of their own.</summary>
    /// <param name="stores">The log and its containers; not disposed of here.</param>
    /// <param name="folder">The folder for what can be lost, and for files that are given away.</param>
    /// <param name="checkpoints">A file that gets the checkpoints too; null for none.</param>
    /// <param name="logs">Where it is logged what goes wrong behind the scenes.</param>
    public static async Task<AuditedLog> OpenAsync(
        SharedStores stores,
        string folder,
        string? checkpoints,
        TimeProvider clock,
        ILoggerFactory logs,
        CancellationToken cancel
    )
    {
        var sinks = new List<ICheckpointSink> { await stores.CheckpointsAsync(cancel) };
        if (checkpoints is not null)
            sinks.Add(new FileCheckpointSink(checkpoints));
        var (people, keys) = (await stores.PersonKeysAsync(clock, cancel), await stores.SigningKeysAsync(cancel));
        return await AuditedLog.OpenAsync(
            stores.Log,
            people,
            keys,
            Path.Combine(folder, "log.tree"),
            new ExportFolder(Path.Combine(folder, "exports")),
            sinks,
            clock,
            logs,
            cancel
        );
    }

    /// <summary>Reads what another process publishes of the gateways, often while somebody waits for a change.</summary>
    public static IServiceCollection AddBoardReader(this IServiceCollection services, SharedStores stores) =>
        services.AddBoardReader(stores, s => s.GetRequiredService<ConversationCore>().Unsettled.Count > 0);
}
