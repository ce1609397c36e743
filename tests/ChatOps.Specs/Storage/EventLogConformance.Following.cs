using ChatOps.Core.Application.Ports;
using static ChatOps.Specs.Storage.Sample;

namespace ChatOps.Specs.Storage;

public abstract partial class EventLogConformance
{
    [Fact]
    public async Task A_follower_gets_what_is_there_and_then_what_comes()
    {
        var log = await OpenAsync();
        var first = await log.Append(Gw1, 0, "a", "b");
        var following = log.Follow(first[0].Position, 3);
        await log.Append(Gw1, 2, "c");
        await log.Append(Gw2, 0, "x");
        Assert.Equal(["b", "c", "x"], (await following).Ids());
    }

    [Fact]
    public async Task Followers_see_each_record_once_and_in_order_while_others_append()
    {
        const int Writers = 4;
        const int Each = 50;
        var logs = new[] { await OpenAsync(), await OpenAsync() };
        var followers = logs.Select(log => Task.Run(() => log.Follow(0, Writers * Each))).ToList();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(() => AppendMany(logs[w % 2], w))));
        followers.Add(logs[0].Follow(0, Writers * Each));
        var order = (await logs[0].All()).Ids().ToList();
        Assert.Equal(Writers * Each, order.Distinct().Count());
        foreach (var follower in followers)
            Assert.Equal(order, (await follower).Ids());

        static async Task AppendMany(IEventLog log, int writer)
        {
            for (var i = 0; i < Each; i++)
                await log.AppendAnyhow(writer < 2 ? Gw1 : $"gateway/w{writer}", $"{writer}-{i}");
        }
    }

    [Fact]
    public async Task A_follower_hears_of_what_another_process_appended()
    {
        var (ours, theirs) = (await OpenAsync(), await OpenAsync());
        var following = ours.Follow(0, 1);
        await Task.Delay(100);
        await theirs.Append(Gw1, 0, "a");
        Assert.Equal(["a"], (await following).Ids());
    }

    [Fact]
    public async Task Following_ends_when_it_is_cancelled()
    {
        var log = await OpenAsync();
        await log.Append(Gw1, 0, "a");
        using var cancel = new CancellationTokenSource();
        var seen = new List<string>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var record in log.FollowAsync(0, cancel.Token))
            {
                seen.Add(record.Id);
                await cancel.CancelAsync();
            }
        });
        Assert.Equal(["a"], seen);
    }
}
