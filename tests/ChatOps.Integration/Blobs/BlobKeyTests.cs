using Azure.Storage.Blobs;
using ChatOps.Azure.Blobs;
using ChatOps.Core.Application.Ports;
using ChatOps.Integration.Azurites;
using ChatOps.Specs.Erasure;
using ChatOps.Specs.Proof;

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
