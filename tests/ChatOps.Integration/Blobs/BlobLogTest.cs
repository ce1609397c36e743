using Azure.Core;
using Azure.Storage.Blobs;
using ChatOps.Azure.Blobs;
using ChatOps.Core.Domain.Changes;
using ChatOps.Integration.Azurites;
using ChatOps.Specs;
using ChatOps.Specs.Storage;

namespace ChatOps.Integration.Blobs;

/// <summary>A log of the test's own, which can be opened as often as it takes.</summary>
public abstract class BlobLogTest(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly List<BlobEventLog> _opened = [];
    private int _copies;

    private protected TempFolder Folder { get; } = new();

    private protected AzuriteFixture Azurite { get; } = azurite;

    private protected string Name { get; set; } = AzuriteFixture.NewName("log");

    private protected BlobContainerClient Container => Azurite.Container(Name, BlobEventLog.NewClientOptions());

    /// <summary>Opens the log as a process of its own would.</summary>
    /// <param name="blocks">Appends a segment.</param>
    /// <param name="copy">Its copy; a new one for null.</param>
    /// <param name="policy">What stands between it and the service.</param>
    private protected async Task<BlobEventLog> OpenAsync(int blocks = 2, string? copy = null, CallPolicy? policy = null)
    {
        var options = BlobEventLog.NewClientOptions();
        if (policy is not null)
            options.AddPolicy(policy, HttpPipelinePosition.PerRetry);
        var quick = BlobLogOptions.Default with
        {
            BlocksPerSegment = blocks,
            BackOff = new(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20)),
        };
        var log = await BlobEventLog.OpenAsync(Azurite.Container(Name, options), Folder.In(copy ?? $"copy-{_copies++}.db"), quick);
        _opened.Add(log);
        return log;
    }

    /// <summary>All records as somebody reads them who has nothing yet, and so verifies everything.</summary>
    private protected async Task<List<Recorded>> VerifiedAsync() => await (await OpenAsync()).All();

    private protected async Task<string> TextOfAsync(int segment) =>
        (await Container.GetBlobClient($"{segment:D8}").DownloadContentAsync()).Value.Content.ToString();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var log in _opened)
            await log.DisposeAsync();
        Folder.Dispose();
    }
}
