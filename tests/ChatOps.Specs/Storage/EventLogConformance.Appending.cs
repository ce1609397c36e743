using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using static ChatOps.Specs.Storage.Sample;

namespace ChatOps.Specs.Storage;

public abstract partial class EventLogConformance
{
    [Fact]
    public async Task Several_records_in_one_append_get_consecutive_versions_and_growing_positions()
    {
        var log = await OpenAsync();
        await log.Append(Gw1, 0, "a");
        var records = await log.Append(Gw1, 1, "b", "c", "d");
        Assert.Equal([2, 3, 4], records.Select(r => r.Version));
        Assert.Equal(records.Select(r => r.Position).Order().Distinct(), records.Select(r => r.Position));
        Assert.Equal(["b", "c", "d"], records.Ids());
    }

    [Fact]
    public async Task An_append_answers_with_what_reading_gives()
    {
        var log = await OpenAsync();
        var local = Record("a") with { Time = Noon.ToOffset(TimeSpan.FromHours(1)), Message = "m", Causation = "c" };
        var answer = Assert.IsType<AppendResult.Appended>(await log.AppendAsync(Gw1, 0, [local], default));
        Assert.Equal(answer.Records, await log.Stream(Gw1));
        var record = answer.Records[0];
        Assert.Equal((Noon, TimeSpan.Zero), (record.Time, record.Time.Offset));
        Assert.Equal(("m", "c", Ann), (record.Message, record.Causation, record.Actor));
        Assert.Equal(local.Event, record.Event);
    }

    [Fact]
    public async Task Each_record_holds_the_hash_of_the_one_before_it_in_its_stream()
    {
        var log = await OpenAsync();
        await log.Append(Gw1, 0, "a");
        await log.Append(Gw2, 0, "x");
        await log.Append(Gw1, 1, "b", "c");
        var gw1 = await log.Stream(Gw1);
        Assert.Equal([RecordFormat.NoPrevious, gw1[0].Hash, gw1[1].Hash], gw1.Select(r => r.Previous));
        Assert.Equal(RecordFormat.NoPrevious, (await log.Stream(Gw2))[0].Previous);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(-1)]
    public async Task Appending_at_another_version_than_the_streams_is_a_conflict_and_writes_nothing(long expected)
    {
        var log = await OpenAsync();
        await log.Append(Gw1, 0, "a", "b");
        var conflict = Assert.IsType<AppendResult.Conflict>(await log.AppendAsync(Gw1, expected, Records("c", "d"), default));
        Assert.Equal(2, conflict.ActualVersion);
        Assert.Equal(["a", "b"], (await log.All()).Ids());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(9)]
    public async Task Sending_twice_gives_the_earlier_records_whatever_the_expected_version(long expected)
    {
        var log = await OpenAsync();
        var first = await log.Append(Gw1, 0, "a", "b");
        await log.Append(Gw1, 2, "c");
        var late = Records("a", "b").Select(r => r with { Time = Noon.AddMinutes(1), Actor = Ann with { Name = "Annie" } });
        var again = Assert.IsType<AppendResult.Appended>(await log.AppendAsync(Gw1, expected, [.. late], default));
        Assert.Equal(first, again.Records);
        Assert.Equal(["a", "b", "c"], (await log.All()).Ids());
    }

    [Fact]
    public async Task Sending_again_when_only_half_is_there_is_a_bug()
    {
        var log = await OpenAsync();
        await log.Append(Gw1, 0, "a");
        foreach (var expected in new[] { 0, 1 })
            await IsABug(log, Gw1, expected, Records("new", "a"), "only 1 of 2 records are there already, such as id a");
    }

    [Fact]
    public async Task An_id_that_another_stream_has_is_a_bug()
    {
        var log = await OpenAsync();
        await log.Append(Gw1, 0, "a");
        await IsABug(log, Gw2, 0, Records("a"), "id a is in gateway/gw1 already");
    }

    [Fact]
    public async Task An_id_that_something_else_has_is_a_bug()
    {
        var log = await OpenAsync();
        await log.Append(Gw1, 0, "a");
        GatewayEvent other = new ChangeExpired(1);
        await IsABug(log, Gw1, 1, [Record("a") with { Event = other }], "id a is there already, as version 1, with other content");
        await IsABug(log, Gw1, 1, [Record("a") with { Actor = Ann with { Id = "ben" } }], "with other content");
    }

    [Fact]
    public async Task Two_new_records_with_one_id_are_a_bug()
    {
        var log = await OpenAsync();
        await IsABug(log, Gw1, 0, Records("a", "a"), "two of the new records have the same id");
    }

    [Fact]
    public async Task An_event_that_could_not_be_read_again_is_not_written()
    {
        var log = await OpenAsync();
        await IsABug(log, Gw1, 0, [Record("a") with { Event = new VmRemoved(1, default) }], "record a could not be read again");
        await log.Append(Gw1, 0, "a");
    }

    [Fact]
    public async Task Two_writers_that_race_write_everything_once_on_one_chain()
    {
        var logs = new[] { await OpenAsync(), await OpenAsync() };
        await Task.WhenAll(logs.Select((log, writer) => Task.Run(() => AppendMany(log, $"w{writer}"))));
        var records = await (await OpenAsync()).Stream(Gw1);
        Assert.Equal(Enumerable.Range(1, 400).Select(v => (long)v), records.Select(r => r.Version));
        Assert.Equal(400, records.Ids().Distinct().Count());
        Assert.All(records.Zip(records.Skip(1)), pair => Assert.Equal(pair.First.Hash, pair.Second.Previous));

        static async Task AppendMany(IEventLog log, string writer)
        {
            for (var i = 0; i < 200; i++)
                await log.AppendAnyhow(Gw1, $"{writer}-{i}");
        }
    }

    private static async Task IsABug(IEventLog log, string stream, long expected, NewRecord[] records, string why)
    {
        var before = await log.All();
        var bug = await Assert.ThrowsAsync<InvalidOperationException>(() => log.AppendAsync(stream, expected, records, default));
        Assert.Contains(why, bug.Message, StringComparison.Ordinal);
        Assert.Equal(before, await log.All());
    }
}
