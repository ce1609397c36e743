using Azure.Identity;
using Azure.Storage.Blobs;
using ChatOps.Core.Ports;

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

    /// <summary>Looks at the log at once: somebody has just said that there is something new.</summary>
    public void Glance() { }

    /// <summary>Opens them.</summary>
    /// <exception cref="LogCorruptException">The log cannot be trusted.</exception>
    public static async Task<SharedStores> OpenAsync(StoreSettings settings, CancellationToken cancel)
    {
        var log = await TempLog.OpenAsync(settings, cancel);
        return new(log, new TempQueue(settings), new TempLease(), ContainerOf(settings, settings.Board, "board"));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Log is IAsyncDisposable log)
            await log.DisposeAsync();
    }

    // Azurite knows no newer version of the service.
    private static BlobContainerClient ContainerOf(StoreSettings settings, Uri? at, string name)
    {
        var options = new BlobClientOptions(BlobClientOptions.ServiceVersion.V2025_11_05)
        {
            Retry = { MaxRetries = 2, Delay = TimeSpan.FromMilliseconds(200), MaxDelay = TimeSpan.FromSeconds(1), NetworkTimeout = TimeSpan.FromSeconds(10) },
        };
        return settings.Connection is { } connection ? new BlobContainerClient(connection, name, options) : new BlobContainerClient(at, Identity(), options);
    }

    private static DefaultAzureCredential Identity() => new();
}
