using Azure.Storage.Blobs;
using ChatOps.Core.Erasure;
using ChatOps.Core.Ports;
using ChatOps.Integration.Azurites;
using ChatOps.Specs.Erasure;
using ChatOps.Specs.Proof;
using ChatOps.Specs.Storage;
using ChatOps.Storage.Blobs;

namespace ChatOps.Integration.Blobs;

/// <summary>People's keys in a container.</summary>
[Collection(AzuriteCollection.Name), Trait("needs", "Azurite")]
public sealed class BlobPersonKeysTests(AzuriteFixture azurite) : PersonKeysConformance, IAsyncLifetime
{
    private readonly BlobContainerClient _container = azurite.Container(AzuriteFixture.NewName("keys"), BlobEventLog.NewClientOptions());

    public async Task InitializeAsync() => await _container.CreateAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    protected override IPersonKeys Open() => new BlobPersonKeys(_container, TimeProvider.System);
}

/// <summary>Signing keys in a container.</summary>
[Collection(AzuriteCollection.Name), Trait("needs", "Azurite")]
public sealed class BlobKeyStoreTests(AzuriteFixture azurite) : KeyStoreConformance, IAsyncLifetime
{
    private readonly BlobContainerClient _container = azurite.Container(AzuriteFixture.NewName("keys"), BlobEventLog.NewClientOptions());

    public async Task InitializeAsync() => await _container.CreateAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    protected override IKeyStore Store => new BlobKeyStore(_container);
}

/// <summary>A log in blobs whose names and reasons are sealed under keys in blobs is a log like any other.</summary>
[Collection(AzuriteCollection.Name), Trait("needs", "Azurite")]
public sealed class SealedBlobLogTests(AzuriteFixture azurite) : EventLogConformance, IDisposable
{
    private readonly BlobContainerClient _log = azurite.Container(AzuriteFixture.NewName("log"), BlobEventLog.NewClientOptions());
    private readonly BlobContainerClient _keys = azurite.Container(AzuriteFixture.NewName("keys"), BlobEventLog.NewClientOptions());
    private readonly Specs.TempFolder _folder = new();
    private readonly List<BlobEventLog> _open = [];

    public void Dispose()
    {
        foreach (var log in _open)
            log.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _folder.Dispose();
    }

    protected override async Task<IEventLog> OpenStoreAsync()
    {
        await _keys.CreateIfNotExistsAsync();
        _open.Add(await BlobEventLog.OpenAsync(_log, _folder.In($"copy-{_open.Count}.db")));
        return new ErasableLog(_open[^1], new BlobPersonKeys(_keys, TimeProvider.System));
    }
}
