using ChatOps.Core.Application.Ports;
using ChatOps.Integration.Azurites;
using ChatOps.Specs.Storage;
using static ChatOps.Specs.Storage.Sample;

namespace ChatOps.Integration.Blobs;

/// <summary>The chain of segments, and many who write to its end.</summary>
[Collection(AzuriteCollection.Name), Trait("needs", "Azurite")]
public sealed class SegmentTests(AzuriteFixture azurite) : BlobLogTest(azurite)
{
    [Fact]
    public async Task A_segment_is_closed_by_its_last_block_and_the_next_goes_on()
    {
        var log = await OpenAsync(blocks: 2);
        await log.Append(Gw1, 0, "a");
        await log.Append(Gw1, 1, "b", "c");
        await log.Append(Gw1, 3, "d");
        var first = (await TextOfAsync(1)).Split('\n');
        Assert.Equal(["1 1/1 ", "2 1/2 ", "3 2/2 ", "end 3", ""], first.Select(l => l.Length > 6 ? l[..6] : l));
        Assert.StartsWith("4 1/1 ", await TextOfAsync(2), StringComparison.Ordinal);
        Assert.Equal("4", (await Container.GetBlobClient("00000002").GetPropertiesAsync()).Value.Metadata["first"]);
    }

    [Fact]
    public async Task Writers_that_race_over_many_segments_write_everything_once()
    {
        const int Each = 15;
        var logs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync(blocks: 2)));
        await Task.WhenAll(logs.Select((log, w) => Task.Run(() => AppendManyAsync(log, w))));
        var records = await VerifiedAsync();
        Assert.Equal(4 * Each, records.Ids().Distinct().Count());
        Assert.Equal(Enumerable.Range(1, 4 * Each).Select(p => (long)p), records.Select(r => r.Position));
        Assert.Equal(4 * Each / 2, await Container.GetBlobsAsync().CountAsync());

        // Two write to one stream, two to streams of their own.
        static async Task AppendManyAsync(IEventLog log, int writer)
        {
            for (var i = 0; i < Each; i++)
                await log.AppendAnyhow(writer < 2 ? Gw1 : $"gateway/w{writer}", $"{writer}-{i}");
        }
    }

    [Fact]
    public async Task Processes_that_race_write_everything_once()
    {
        await OpenAsync();
        var others = await Task.WhenAll(StartAsync("x"), StartAsync("y"));
        foreach (var other in others)
            await other.EndsAsync();
        Assert.All(others, o => Assert.Equal(0, o.ExitCode));
        var records = await VerifiedAsync();
        Assert.Equal(80, records.Ids().Distinct().Count());
        Assert.Equal(Enumerable.Range(1, 80).Select(p => (long)p), records.Select(r => r.Position));

        Task<OtherProcess> StartAsync(string prefix) =>
            OtherProcess.StartAsync("append", Azurite.Azurite.ConnectionString, Name, "7", Gw1, prefix, "40");
    }

    [Fact]
    public async Task A_process_that_is_killed_while_it_writes_loses_and_doubles_nothing()
    {
        await OpenAsync();
        using (var killed = await OtherProcess.StartAsync("append", Azurite.Azurite.ConnectionString, Name, "3", Gw1, "x", "100000"))
        {
            await killed.SaysAsync("open");
            var witness = await OpenAsync();
            await Eventually.TrueAsync(async () => (await witness.All()).Count > 0, () => "it appends nothing");
            await Task.Delay(300);
            killed.Kill();
        }

        var log = await OpenAsync(blocks: 3);
        var there = (await log.All()).Ids().ToList();
        Assert.NotEmpty(there);
        Assert.Equal(Enumerable.Range(0, there.Count).Select(i => $"x-{i}"), there);
        foreach (var id in there.TakeLast(2).Append("after"))
            await log.AppendAnyhow(Gw1, id);
        Assert.Equal([.. there, "after"], (await VerifiedAsync()).Ids());
    }

    [Fact]
    public async Task A_writer_that_has_slept_writes_nothing_into_a_segment_that_was_left()
    {
        var slept = await OpenAsync(blocks: 2);
        await slept.Append(Gw1, 0, "a");
        var busy = await OpenAsync(blocks: 2);
        await busy.Append(Gw2, 0, "x");
        await busy.Append(Gw2, 1, "y");
        var left = await TextOfAsync(1);
        var records = await slept.Append(Gw1, 1, "b");
        Assert.Equal(4, records[0].Position);
        Assert.Equal(left, await TextOfAsync(1));
        Assert.Equal(["a", "x", "y", "b"], (await VerifiedAsync()).Ids());
    }

    [Fact]
    public async Task Writers_may_close_segments_at_different_lengths()
    {
        var (longer, shorter) = (await OpenAsync(blocks: 5), await OpenAsync(blocks: 2));
        for (var i = 0; i < 6; i++)
            await (i % 2 == 0 ? longer : shorter).AppendAnyhow(Gw1, $"r{i}");
        Assert.Equal(6, (await VerifiedAsync()).Count);
    }

    [Fact]
    public async Task A_large_append_is_one_block_and_is_read_whole()
    {
        var log = await OpenAsync(blocks: 2);
        string[] ids = [.. Enumerable.Range(0, 24_000).Select(i => $"r{i}")];
        await log.Append(Gw1, 0, "first");
        await log.Append(Gw1, 1, ids);
        Assert.Equal(["first", .. ids], (await VerifiedAsync()).Ids());
        // More than a reader asks for at a time.
        Assert.InRange((await TextOfAsync(1)).Length, 5 << 20, 20 << 20);
    }
}
