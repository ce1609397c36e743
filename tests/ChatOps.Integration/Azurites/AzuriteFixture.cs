using Azure.Storage.Blobs;
using ChatOps.Specs;
using ChatOps.Specs.Conventions;

namespace ChatOps.Integration.Azurites;

/// <summary>One Azurite for all tests of the collection. Each takes containers and queues of its own.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private Azurite? _azurite;

    /// <summary>The Azurite.</summary>
    public Azurite Azurite => _azurite ?? throw new InvalidOperationException("it has not started");

    /// <summary>A name that nobody else has.</summary>
    public static string NewName(string what) => $"{what}-{Guid.NewGuid():N}";

    /// <summary>A client for a container.</summary>
    public BlobContainerClient Container(string name, BlobClientOptions options) => new(Azurite.ConnectionString, name, options);

    /// <inheritdoc/>
    public async Task InitializeAsync() => _azurite = await Azurite.StartAsync(Checkout.Root, _folder.Path);

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_azurite is not null)
            await _azurite.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>Those that mostly wait for a lease to run out: beside the others, with an Azurite of their own.</summary>
[CollectionDefinition(Name)]
public sealed class WaitingCollection : ICollectionFixture<AzuriteFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Azurite, waiting";
}

/// <summary>The tests that need an Azurite, and let it run.</summary>
[CollectionDefinition(Name)]
public sealed class AzuriteCollection : ICollectionFixture<AzuriteFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Azurite";
}
