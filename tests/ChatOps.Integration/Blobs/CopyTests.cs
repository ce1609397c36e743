using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ChatOps.Core.Application.Ports;
using ChatOps.Integration.Azurites;
using ChatOps.Specs.Storage;
using static ChatOps.Specs.Storage.Sample;

namespace ChatOps.Integration.Blobs;

/// <summary>What a machine keeps of the log, and what is no log.</summary>
[Collection(AzuriteCollection.Name), Trait("needs", "Azurite")]
public sealed class CopyTests(AzuriteFixture azurite) : BlobLogTest(azurite)
{
    [Fact]
    public async Task A_copy_spares_reading_again_what_was_read()
    {
        var log = await OpenAsync(blocks: 100, copy: "kept.db");
        for (var i = 0; i < 20; i++)
            await log.Append(Gw1, i, $"r{i}");
        await log.DisposeAsync();
        // Which log it is, whether the last block is still there, what is after it, and whether segments are.
        var counted = new CallPolicy((_, _, send) => send());
        await OpenAsync(copy: "kept.db", policy: counted);
        Assert.Equal(4, counted.Calls);
    }

    [Fact]
    public async Task Reading_when_there_is_nothing_new_is_one_call()
    {
        var counted = new CallPolicy((_, _, send) => send());
        var log = await OpenAsync(blocks: 100, policy: counted);
        await log.Append(Gw1, 0, "a");
        var before = counted.Calls;
        Assert.Single(await log.All());
        Assert.Empty(await log.All(after: 1));
        Assert.Equal(before + 2, counted.Calls);
    }

    [Fact]
    public async Task A_copy_of_another_log_is_made_anew()
    {
        await (await OpenAsync(copy: "kept.db")).Append(Gw1, 0, "a");
        Name = AzuriteFixture.NewName("other");
        await (await OpenAsync()).Append(Gw1, 0, "x", "y");
        Assert.Equal(["x", "y"], (await (await OpenAsync(copy: "kept.db")).All()).Ids());
    }

    [Fact]
    public async Task A_file_of_something_else_is_no_copy_and_stays_as_it_is()
    {
        await File.WriteAllTextAsync(Folder.In("kept.db"), "hello");
        var error = await Assert.ThrowsAsync<IOException>(() => OpenAsync(copy: "kept.db"));
        Assert.Contains("kept.db", error.Message, StringComparison.Ordinal);
        Assert.Contains("Next: ", error.Message, StringComparison.Ordinal);
        Assert.Equal("hello", await File.ReadAllTextAsync(Folder.In("kept.db")));
    }

    [Fact]
    public async Task A_blob_of_something_else_is_no_log()
    {
        await Container.CreateAsync();
        await Container.GetBlobClient("00000001").UploadAsync(BinaryData.FromString("hello"));
        var refusal = await Assert.ThrowsAsync<LogCorruptException>(() => OpenAsync());
        Assert.Contains(
            "cannot be used as a segment of the log: it is a blob of something else",
            refusal.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_log_of_a_newer_program_is_refused()
    {
        await Container.CreateAsync();
        var metadata = new Dictionary<string, string>
        {
            ["chatops_log"] = "2",
            ["log"] = "x",
            ["first"] = "1",
        };
        await Container.GetAppendBlobClient("00000001").CreateAsync(new AppendBlobCreateOptions { Metadata = metadata });
        var refusal = await Assert.ThrowsAsync<LogCorruptException>(() => OpenAsync());
        Assert.Contains(
            "it has format 2, and this program knows 1; a newer version of it wrote the log",
            refusal.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_segment_of_another_log_is_refused()
    {
        var log = await OpenAsync(blocks: 1);
        await log.Append(Gw1, 0, "a");
        var metadata = new Dictionary<string, string>
        {
            ["chatops_log"] = "1",
            ["log"] = "x",
            ["first"] = "2",
        };
        await Container.GetAppendBlobClient("00000002").CreateAsync(new AppendBlobCreateOptions { Metadata = metadata });
        await Container.GetAppendBlobClient("00000002").AppendBlockAsync(new MemoryStream("2 1/1\n"u8.ToArray()));
        var refusal = await Assert.ThrowsAsync<LogCorruptException>(() => log.AppendAsync(Gw1, 1, Records("b"), default));
        Assert.Contains("it belongs to the log x", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_may_make_a_new_log_at_once()
    {
        var logs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => OpenAsync()));
        await Task.WhenAll(logs.Select((log, i) => Task.Run(() => log.AppendAnyhow(Gw1, $"r{i}"))));
        Assert.Equal(6, (await VerifiedAsync()).Count);
    }
}
