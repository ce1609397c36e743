using Azure.Storage.Blobs;
using ChatOps.Azure.Blobs;
using ChatOps.Core.Application.Ports;
using ChatOps.Hosting;
using ChatOps.Integration.Azurites;
using ChatOps.Proof.Keeping;
using ChatOps.Proof.Notes;
using ChatOps.Specs.Storage;

namespace ChatOps.Integration.Blobs;

/// <summary>
/// A log in append blobs is proved as any other, and its checkpoints go to a container in which each blob is written once.
/// </summary>
[Collection(AzuriteCollection.Name), Trait("needs", "Azurite")]
public sealed class CheckpointTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly Specs.TempFolder _folder = new();
    private readonly BlobContainerClient _logs = azurite.Container(AzuriteFixture.NewName("log"), BlobEventLog.NewClientOptions());
    private readonly BlobContainerClient _checkpoints = azurite.Container(
        AzuriteFixture.NewName("checkpoints"),
        BlobEventLog.NewClientOptions()
    );

    public async Task InitializeAsync() => await _checkpoints.CreateAsync();

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_log_in_blobs_is_whole_by_the_checkpoints_of_a_container()
    {
        await using (var log = await BlobEventLog.OpenAsync(_logs, _folder.In("mirror.db")))
        {
            using var keeper = await OpenAsync(log);
            await log.Append("gateway/gw1", 0, "a", "b");
            await log.Append("gateway/gw2", 0, "c");
            Assert.NotNull(await keeper.CheckpointAsync(default));
            await log.Append("gateway/gw1", 2, "d");
            Assert.NotNull(await keeper.CheckpointAsync(default));
        }

        // Another machine, without mirror, tree or checkpoints of its own.
        await using var fresh = await BlobEventLog.OpenAsync(_logs, _folder.In("fresh.db"));
        File.Delete(new ProofFiles(_folder.In("log.db")).Tree);
        using var verifier = await OpenAsync(fresh);
        var verdict = await verifier.VerifyAsync(null, default);
        Assert.Equal((null, 4, 2, 4), (verdict.Fault, verdict.Records, verdict.Checkpoints, verdict.Covered));
    }

    [Fact]
    public async Task A_checkpoint_is_written_once_and_another_of_that_size_is_kept_beside_it()
    {
        var sink = new BlobCheckpointSink(_checkpoints);
        await sink.PutAsync(new LogNote("checkpoint-000000000003", 3, "one\n"), default);
        await sink.PutAsync(new LogNote("checkpoint-000000000003", 3, "one\n"), default);
        await sink.PutAsync(new LogNote("checkpoint-000000000003", 3, "other\n"), default);
        Assert.Equal(["one\n", "other\n"], await sink.ReadAsync(default).ToListAsync());
    }

    [Fact]
    public async Task A_container_that_is_not_there_is_complained_of_and_gets_the_checkpoint_later()
    {
        await using var log = await BlobEventLog.OpenAsync(_logs, _folder.In("mirror.db"));
        await log.Append("gateway/gw1", 0, "a");
        await _checkpoints.DeleteAsync();
        var complaints = new List<string>();
        using var keeper = await OpenAsync(log, complaints.Add);
        await keeper.CheckpointAsync(default);
        Assert.Contains(complaints, c =>
            c.StartsWith($"putting checkpoint-000000000001 in the container {_checkpoints.Name}", StringComparison.Ordinal)
        );
        await _checkpoints.CreateAsync();
        await log.Append("gateway/gw1", 1, "b");
        await keeper.CheckpointAsync(default);
        var there = await new BlobCheckpointSink(_checkpoints).ReadAsync(default).ToListAsync();
        Assert.Equal([1L, 2L], there.Select(n => Checkpoint.TryParse(SignedNote.ReadAll(n).Single().Text, out var c) ? c.Size : 0));
    }

    private Task<CheckpointSigner> OpenAsync(IEventLog log, Action<string>? complain = null) =>
        CheckpointSigner.OpenAsync(
            log,
            new KeyFiles(_folder.In("log.db")),
            new ProofFiles(_folder.In("log.db")).Tree,
            [new BlobCheckpointSink(_checkpoints)],
            KeeperOptions.Default,
            TimeProvider.System,
            SentenceLog.To(complain ?? Assert.Fail),
            default
        );
}
