using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using ChatOps.Azure.Blobs;
using ChatOps.Azure.Leases;
using ChatOps.Azure.ServiceBus;
using ChatOps.Azure.StorageQueue;
using ChatOps.Core.Application.Ports;
using Microsoft.Extensions.Logging;

namespace ChatOps.Azure.Shared;

/// <summary>
/// The stores that several processes share: in Azurite with a connection string, in the cloud as the process's managed identity.
/// </summary>
public sealed class SharedStores : IAsyncDisposable
{
    private readonly StoreSettings _settings;
    private readonly string _process;
    private BlobEventLog? _log;

    /// <summary>Knows them; <see cref="OpenAsync"/> opens the log.</summary>
    /// <param name="process">The name of this process's own folder for what can be made again from the log.</param>
    /// <param name="logs">Where it is logged what goes wrong behind the scenes; it is tried again.</param>
    public SharedStores(StoreSettings settings, string process, ILoggerFactory logs)
    {
        (_settings, _process) = (settings, process);
        Queue = QueueOf(settings, logs);
        Lease = new BlobGatewayLock(ContainerOf(settings, settings.Leases, "leases", BlobGatewayLock.NewClientOptions()));
        Board = ContainerOf(settings, settings.Board, "board", BoardOptions());
    }

    /// <summary>The log, once it is open.</summary>
    public IEventLog Log => _log ?? throw new InvalidOperationException("the stores are not open yet");

    /// <summary>The queue of nudges.</summary>
    public INudgeQueue Queue { get; }

    /// <summary>One apply at a time a gateway.</summary>
    public IGatewayLock Lease { get; }

    /// <summary>The board's container.</summary>
    internal BlobContainerClient Board { get; }

    /// <summary>Opens the log.</summary>
    /// <exception cref="LogCorruptException">The log cannot be trusted.</exception>
    /// <exception cref="LogUnavailableException">The service does not answer.</exception>
    public async Task<SharedStores> OpenAsync(CancellationToken cancel)
    {
        var folder = Directory.CreateDirectory(
            _settings.FolderOf(_process),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        var container = ContainerOf(_settings, _settings.Log, "log", BlobEventLog.NewClientOptions());
        _log = await BlobEventLog.OpenAsync(container, Path.Combine(folder.FullName, "log.db"), cancel: cancel);
        return this;
    }

    /// <summary>The keys of people, for the one process that may read them.</summary>
    public async Task<IPersonKeys> PersonKeysAsync(TimeProvider clock, CancellationToken cancel) =>
        new BlobPersonKeys(await ThereAsync(_settings.Keys, "keys", cancel), clock);

    /// <summary>The keys that sign checkpoints, for that process too.</summary>
    public async Task<IKeyStore> SigningKeysAsync(CancellationToken cancel) =>
        new BlobKeyStore(await ThereAsync(_settings.Keys, "keys", cancel));

    /// <summary>Where checkpoints go.</summary>
    public async Task<ICheckpointSink> CheckpointsAsync(CancellationToken cancel) =>
        new BlobCheckpointSink(await ThereAsync(_settings.Checkpoints, "checkpoints", cancel));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_log is not null)
            await _log.DisposeAsync();
        if (Queue is IAsyncDisposable queue)
            await queue.DisposeAsync();
    }

    private static INudgeQueue QueueOf(StoreSettings settings, ILoggerFactory logs) =>
        settings.BusNamespace is { } bus
            ? ServiceBusNudgeQueue.InAzure(bus, Identity(), settings.QueueName, logs.CreateLogger<ServiceBusNudgeQueue>())
            : new StorageNudgeQueue(
                new QueueServiceClient(settings.Connection, StorageNudgeQueue.NewClientOptions()),
                settings.QueueName,
                logs.CreateLogger<StorageNudgeQueue>()
            );

    private static BlobContainerClient ContainerOf(StoreSettings settings, Uri? at, string name, BlobClientOptions options) =>
        settings.Connection is { } connection
            ? new BlobContainerClient(connection, name, options)
            : new BlobContainerClient(at, Identity(), options);

    // In the cloud a container is made by whoever deploys, and no process may make one.
    private async Task<BlobContainerClient> ThereAsync(Uri? at, string name, CancellationToken cancel)
    {
        var container = ContainerOf(_settings, at, name, BoardOptions());
        if (_settings.Connection is not null)
            await container.CreateIfNotExistsAsync(cancellationToken: cancel);
        return container;
    }

    // What is on the board is soon old: whoever cannot be reached now is not tried for long. Azurite knows no newer version of the service.
    private static BlobClientOptions BoardOptions() =>
        new(BlobClientOptions.ServiceVersion.V2025_11_05)
        {
            Retry =
            {
                MaxRetries = 1,
                Delay = TimeSpan.FromMilliseconds(200),
                NetworkTimeout = TimeSpan.FromSeconds(5),
            },
        };

    private static DefaultAzureCredential Identity() => new();
}
