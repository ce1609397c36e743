using static ChatOps.Specs.Storage.Sample;

namespace ChatOps.Specs.Storage;

public abstract partial class EventLogConformance
{
    [Fact]
    public async Task An_empty_log_has_nothing_to_read()
    {
        var log = await OpenAsync();
        Assert.Empty(await log.All());
        Assert.Empty(await log.Stream(Gw1));
        Assert.Null(await log.FindAsync("a", default));
    }

    [Fact]
    public async Task A_stream_is_read_in_order_after_a_version()
    {
        var log = await OpenAsync();
        await log.Append(Gw1, 0, "a", "b");
        await log.Append(Gw2, 0, "x");
        await log.Append(Gw1, 2, "c");
        Assert.Equal(["a", "b", "c"], (await log.Stream(Gw1)).Ids());
        Assert.Equal(["c"], (await log.Stream(Gw1, after: 2)).Ids());
        Assert.Empty(await log.Stream(Gw1, after: 3));
        Assert.Empty(await log.Stream(Gw1, after: 30));
    }

    [Fact]
    public async Task All_streams_are_read_in_the_order_of_appending_after_a_position()
    {
        var log = await OpenAsync();
        await log.Append(Gw1, 0, "a");
        var middle = await log.Append(Gw2, 0, "x");
        await log.Append(Gw1, 1, "b");
        Assert.Equal(["a", "x", "b"], (await log.All()).Ids());
        Assert.Equal(["b"], (await log.All(after: middle[0].Position)).Ids());
    }

    [Fact]
    public async Task Reading_stops_at_what_was_there_when_it_began()
    {
        var log = await OpenAsync();
        await log.Append(Gw1, 0, "a");
        var seen = 0;
        await foreach (var record in log.ReadAllAsync(0, default))
            await log.Append(Gw1, ++seen, $"after {record.Id}");
        Assert.Equal(1, seen);
    }

    [Fact]
    public async Task A_long_stream_is_read_whole()
    {
        var log = await OpenAsync();
        string[] ids = [.. Enumerable.Range(0, 1000).Select(i => $"r{i}")];
        await log.Append(Gw1, 0, ids);
        Assert.Equal(ids, (await log.Stream(Gw1)).Ids());
        Assert.Equal(ids, (await log.All()).Ids());
    }

    [Fact]
    public async Task A_record_is_found_by_its_id()
    {
        var log = await OpenAsync();
        var records = await log.Append(Gw1, 0, "a", "b");
        Assert.Equal(records[1], await log.FindAsync("b", default));
        Assert.Null(await log.FindAsync("B", default));
    }

    [Fact]
    public async Task What_was_appended_is_there_after_opening_again()
    {
        var records = await (await OpenAsync()).Append(Gw1, 0, "a", "b");
        Assert.Equal(records, await (await OpenAsync()).All());
    }
}
