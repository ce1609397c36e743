using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Storage;

namespace ChatOps.Specs.Storage;

public sealed class InProcessNudgeQueueTests
{
    private readonly InProcessNudgeQueue _queue = new();

    [Fact]
    public async Task Nudges_come_in_the_order_in_which_their_gateways_were_first_named()
    {
        await Send("gw1", 1);
        await Send("gw2", 5);
        Assert.Equal([Nudge("gw1", 1), Nudge("gw2", 5)], await Receive(2));
    }

    [Fact]
    public async Task Nudges_that_wait_for_one_gateway_are_one_with_the_newest_revision()
    {
        await Send("gw1", 1);
        await Send("gw1", 3);
        await Send("gw2", 5);
        await Send("gw1", 2);
        Assert.Equal([Nudge("gw1", 3), Nudge("gw2", 5)], await Receive(2));
        await Send("gw3", 1);
        Assert.Equal([Nudge("gw3", 1)], await Receive(1));
    }

    [Fact]
    public async Task A_nudge_that_comes_while_the_former_is_worked_on_is_another()
    {
        await Send("gw1", 1);
        await Receive(1);
        await Send("gw1", 1);
        Assert.Equal([Nudge("gw1", 1)], await Receive(1));
    }

    [Fact]
    public async Task What_is_abandoned_waits_again_and_what_is_completed_does_not()
    {
        await Send("gw1", 1);
        await Send("gw2", 2);
        var taken = await _queue.ReceiveAsync(default).Take(2).ToListAsync();
        await taken[0].AbandonAsync();
        await taken[1].CompleteAsync();
        await Send("gw3", 3);
        Assert.Equal([Nudge("gw1", 1), Nudge("gw3", 3)], await Receive(2));
    }

    [Fact]
    public async Task Deliveries_of_a_gateway_are_counted_until_one_is_settled()
    {
        for (var delivery = 1; delivery <= 3; delivery++)
        {
            await Send("gw1", 1);
            var taken = await _queue.ReceiveAsync(default).FirstAsync();
            Assert.Equal(delivery, taken.Delivery);
            await taken.AbandonAsync();
        }

        await (await _queue.ReceiveAsync(default).FirstAsync()).CompleteAsync();
        await Send("gw1", 2);
        Assert.Equal(1, (await _queue.ReceiveAsync(default).FirstAsync()).Delivery);
    }

    [Fact]
    public async Task Each_nudge_goes_to_one_of_several_receivers()
    {
        var receivers = Enumerable.Range(0, 3).Select(_ => Task.Run(() => Receive(10))).ToArray();
        for (var i = 0; i < 30; i++)
            await Send($"gw{i}", 1);
        var received = (await Task.WhenAll(receivers)).SelectMany(r => r).Select(n => n.Gateway).ToList();
        Assert.Equal(30, received.Distinct().Count());
    }

    [Fact]
    public async Task Receiving_ends_when_it_is_cancelled()
    {
        using var soon = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _queue.ReceiveAsync(soon.Token).ToListAsync(soon.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _queue.SendAsync(Nudge("gw1", 1), soon.Token));
    }

    private Task Send(string gateway, int revision) => _queue.SendAsync(Nudge(gateway, revision), default);

    private async Task<List<Nudge>> Receive(int count)
    {
        var patience = Patience.Token;
        return await _queue.ReceiveAsync(patience).Take(count).Select(t => t.Nudge!).ToListAsync(patience);
    }

    private static Nudge Nudge(string gateway, int revision) => new(Text.Parse<Name<Gateway>>(gateway), new Revision(revision));
}
