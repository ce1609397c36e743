using Azure.Storage.Blobs;
using ChatOps.Azure.Blobs;
using ChatOps.Core.Application.Ports;
using ChatOps.Integration.Azurites;
using ChatOps.Specs.Storage;

namespace ChatOps.Integration.Blobs;

/// <summary>The conformance suite over append blobs; each opening has a copy of its own, as a process on another machine has.</summary>
[Collection(AzuriteCollection.Name), Trait("needs", "Azurite")]
public class BlobEventLogTests(AzuriteFixture azurite) : EventLogConformance, IDisposable
{
    private readonly BlobContainerClient _container = azurite.Container(AzuriteFixture.NewName("log"), BlobEventLog.NewClientOptions());
    private readonly Specs.TempFolder _folder = new();
    private int _opened;

    private protected virtual BlobLogOptions Options => BlobLogOptions.Default;

    /// <inheritdoc/>
    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override async Task<IEventLog> OpenStoreAsync() =>
        await BlobEventLog.OpenAsync(_container, _folder.In(CopyName(_opened++)), Options);

    protected virtual string CopyName(int opening) => $"copy-{opening}.db";
}

/// <summary>The same over segments of three appends each.</summary>
public sealed class BlobEventLogOfSmallSegmentsTests(AzuriteFixture azurite) : BlobEventLogTests(azurite)
{
    private protected override BlobLogOptions Options => BlobLogOptions.Default with { BlocksPerSegment = 3 };
}

/// <summary>The same when all openings share a copy, as processes on one machine may.</summary>
public sealed class BlobEventLogWithOneCopyTests(AzuriteFixture azurite) : BlobEventLogTests(azurite)
{
    protected override string CopyName(int opening) => "copy.db";
}
