using Azure.Identity;
using Azure.Storage.Blobs;
using ChatOps.Core.Ports;
using ChatOps.Storage.Blobs;

namespace ChatOps.Storage.Shared;

/// <summary>The stores that several processes share: in Azurite with a connection string, in the cloud as the process's managed identity.</summary>
public sealed class SharedStores : IAsyncDisposable
{
    private SharedStores(IEventLog log, INudgeQueue queue, IGatewayLease lease, BlobContainerClient board) =>
        (Log, Queue, Lease, Board) = (log, queue, lease, board);

    /// <summary>The log.</summary>
    public IEventLog Log { get; }

    /// <summary>The queue of nudges.</summary>
    public INudgeQueue Queue { get; }

    /// <summary>One apply at a time a gateway.</summary>
    public IGatewayLease Lease { get; }

    /// <summary>The board's container.</summary>
    public BlobContainerClient Board { get; }

    /// <summary>Opens them.</summary>
    /// <param name="settings">Where they are.</param>
    /// <param name="process">The name of this process's own folder for what can be made again from the log.</param>
    /// <param name="cancel">Gives up opening.</param>
    /// <exception cref="LogCorruptException">The log cannot be trusted.</exception>
    public static async Task<SharedStores> OpenAsync(StoreSettings settings, string process, CancellationToken cancel)
    {
        var folder = Directory.CreateDirectory(Path.Combine(settings.Data, process), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var log = await BlobEventLog.OpenAsync(ContainerOf(settings, settings.Log, "log", BlobEventLog.NewClientOptions()), Path.Combine(folder.FullName, "log.db"), cancel: cancel);
        return new(log, new TempQueue(settings), new TempLease(), ContainerOf(settings, settings.Board, "board", BoardOptions()));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Log is IAsyncDisposable log)
            await log.DisposeAsync();
    }

    private static BlobContainerClient ContainerOf(StoreSettings settings, Uri? at, string name, BlobClientOptions options) =>
        settings.Connection is { } connection ? new BlobContainerClient(connection, name, options) : new BlobContainerClient(at, Identity(), options);

    // What is on the board is soon old: whoever cannot be reached now is not tried for long. Azurite knows no newer version of the service.
    private static BlobClientOptions BoardOptions() =>
        new(BlobClientOptions.ServiceVersion.V2025_11_05) { Retry = { MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(200), NetworkTimeout = TimeSpan.FromSeconds(5) } };

    private static DefaultAzureCredential Identity() => new();
}
