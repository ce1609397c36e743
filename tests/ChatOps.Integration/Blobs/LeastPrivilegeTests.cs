using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using ChatOps.Azure.Blobs;
using ChatOps.Core.Application.Ports;
using ChatOps.Integration.Azurites;
using ChatOps.Specs.Storage;

namespace ChatOps.Integration.Blobs;

/// <summary>An identity that may add and not overwrite is answered 403 where a blob is there already; that is fine only if it is.</summary>
[Collection(AzuriteCollection.Name), Trait("needs", "Azurite")]
public sealed class LeastPrivilegeTests(AzuriteFixture azurite) : IDisposable
{
    private readonly Specs.TempFolder _folder = new();
    private readonly string _name = AzuriteFixture.NewName("log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_segment_that_somebody_else_has_just_made_is_used()
    {
        await azurite.Container(_name, BlobEventLog.NewClientOptions()).CreateAsync();
        await using var log = await BlobEventLog.OpenAsync(Client(isMadeFirst: true), _folder.In("copy.db"));
        await log.Append("gateway/gw1", 0, "a");
        Assert.Single(await log.All());
    }

    [Fact]
    public async Task A_segment_that_may_not_be_made_is_named_with_what_to_do()
    {
        await azurite.Container(_name, BlobEventLog.NewClientOptions()).CreateAsync();
        var e = await Assert.ThrowsAsync<LogUnavailableException>(() =>
            BlobEventLog.OpenAsync(Client(isMadeFirst: false), _folder.In("copy.db"))
        );
        Assert.Contains(
            "403 AuthorizationPermissionMismatch. Next: is the container there, and has this process's identity its role on it?",
            e.Message,
            StringComparison.Ordinal
        );
        Assert.False(e.MayBeSaved);
    }

    [Fact]
    public async Task A_checkpoint_that_is_there_is_not_written_again_and_one_that_may_not_be_written_is_said()
    {
        await azurite.Container(_name, BlobEventLog.NewClientOptions()).CreateAsync();
        var note = new LogNote("checkpoint-000000000003", 3, "one\n");
        await new BlobCheckpointSink(Client(isMadeFirst: true)).PutAsync(note, default);
        Assert.Equal(["one\n"], await new BlobCheckpointSink(Client(isMadeFirst: true)).ReadAsync(default).ToListAsync());
        var e = await Assert.ThrowsAsync<IOException>(() =>
            new BlobCheckpointSink(Client(isMadeFirst: false)).PutAsync(note with { Name = "checkpoint-000000000004" }, default)
        );
        Assert.Equal("403 AuthorizationPermissionMismatch", e.Message);
    }

    // Making a blob is refused: when it is there by then, or always.
    private BlobContainerClient Client(bool isMadeFirst)
    {
        var options = BlobEventLog.NewClientOptions();
        options.AddPolicy(
            new CallPolicy(
                async (_, request, send) =>
                {
                    var isMaking =
                        request.Method == RequestMethod.Put
                        && !request.Uri.Query.Contains("comp=", StringComparison.Ordinal)
                        && !request.Uri.Query.Contains("restype=", StringComparison.Ordinal);
                    if (isMadeFirst || !isMaking)
                        await send();
                    if (isMaking)
                        throw new RequestFailedException(403, "may not", "AuthorizationPermissionMismatch", null);
                }
            ),
            HttpPipelinePosition.PerCall
        );
        return azurite.Container(_name, options);
    }
}
