using ChatOps.Azure.ServiceBus;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Hosting;
using ChatOps.Integration.ServiceBus.Broker;
using Microsoft.Extensions.Logging;

namespace ChatOps.Integration.ServiceBus;

public sealed class ServiceBusNudgeQueueTests : ServiceBusTest
{
    [Fact]
    public async Task Nudges_of_a_gateway_come_in_the_order_in_which_they_were_sent()
    {
        for (var i = 1; i <= 20; i++)
        {
            await SendAsync("a", i);
            await SendAsync("b", i);
        }

        var taken = await TakeAsync(Queue, 40, n => n.CompleteAsync());
        foreach (var gateway in new[] { "a", "b" })
            Assert.Equal(Enumerable.Range(1, 20), taken.Where(n => n.Gateway == Gw(gateway)).Select(n => n.Revision.Number));
    }

    [Fact]
    public async Task Two_takers_never_have_the_same_gateway_at_once_and_share_the_gateways()
    {
        await using var other = Bus.Connect();
        string[] gateways = ["a", "b", "c", "d"];
        foreach (var gateway in gateways)
        {
            for (var i = 1; i <= 5; i++)
                await SendAsync(gateway, i);
        }

        var now = new HashSet<Name<Gateway>>();
        var left = 20;
        using var all = CancellationTokenSource.CreateLinkedTokenSource(PatienceToken);
        async Task WorkAsync(TakenNudge nudge)
        {
            lock (now)
                Assert.True(now.Add(nudge.Nudge!.Gateway), $"{nudge.Nudge!.Gateway} is worked on twice at once");
            await Task.Delay(30);
            lock (now)
                now.Remove(nudge.Nudge!.Gateway);
            await nudge.CompleteAsync();
            if (Interlocked.Decrement(ref left) == 0)
                await all.CancelAsync();
        }

        await Task.WhenAll(ServeAsync(Queue, WorkAsync, all.Token), ServeAsync(other, WorkAsync, all.Token));
        Assert.Equal(0, left);
        Assert.Equal(0, RemainingCount());
    }

    [Fact]
    public async Task What_is_abandoned_comes_again_counted_and_before_what_follows()
    {
        await SendAsync("a", 1);
        await SendAsync("a", 2);
        var seen = new List<(int Revision, int Delivery)>();
        await TakeAsync(Queue, 3, nudge =>
        {
            seen.Add((nudge.Nudge!.Revision.Number, nudge.Delivery));
            return seen.Count == 1 ? nudge.AbandonAsync() : nudge.CompleteAsync();
        });
        Assert.Equal([(1, 1), (1, 2), (2, 1)], seen);
    }

    [Fact]
    public async Task What_is_abandoned_too_often_is_put_aside_and_does_not_hold_up_the_rest()
    {
        await SendAsync("a", 1);
        await SendAsync("a", 2);
        var revisions = await TakeAsync(Queue, MaxDeliveries + 1, n =>
            n.Nudge!.Revision.Number == 1 ? n.AbandonAsync() : n.CompleteAsync()
        );
        Assert.Equal([1, 1, 1, 2], revisions.Select(r => r.Revision.Number));
        var dead = Assert.Single(await Bus.TakeDeadAsync(Gw("a").ToString(), 1));
        Assert.Equal("MaxDeliveryCountExceeded", dead.DeadLetterReason);
    }

    [Fact]
    public async Task What_is_put_aside_keeps_the_reason()
    {
        await SendAsync("a", 1);
        await TakeAsync(Queue, 1, n => n.PutAsideAsync("gw1 is gone"));
        var dead = Assert.Single(await Bus.TakeDeadAsync(Gw("a").ToString(), 1));
        Assert.Equal(("put aside", "gw1 is gone"), (dead.DeadLetterReason, dead.DeadLetterErrorDescription));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("{\"gateway\":\"gw1\"}")]
    [InlineData("{\"gateway\":\"../etc\",\"revision\":1}")]
    public async Task What_is_no_nudge_comes_as_it_is_and_what_is_put_aside_says_why(string text)
    {
        await Bus.SendRawAsync(Gw("a").ToString(), text);
        await using (var taken = Queue.ReceiveAsync(PatienceToken).GetAsyncEnumerator(PatienceToken))
        {
            Assert.True(await taken.MoveNextAsync());
            Assert.Equal((null, text), (taken.Current.Nudge, taken.Current.Text));
            await taken.Current.PutAsideAsync("it is no nudge");
        }

        var dead = Assert.Single(await Bus.TakeDeadAsync(Gw("a").ToString(), 1));
        Assert.Equal(("put aside", "it is no nudge"), (dead.DeadLetterReason, dead.DeadLetterErrorDescription));
    }

    [Fact]
    public async Task The_same_nudge_twice_is_two_nudges_and_nothing_else()
    {
        await SendAsync("a", 3);
        await SendAsync("a", 3);
        Assert.Equal([Nudge("a", 3), Nudge("a", 3)], await TakeAsync(Queue, 2, n => n.CompleteAsync()));
    }

    [BrokerFact]
    public async Task A_wrong_key_opens_nothing()
    {
        await using var stranger = ServiceBusNudgeQueue.Local(
            Bus.Broker.ConnectionStringWith("d3Jvbmc="),
            ServiceBusBroker.QueueName,
            SentenceLog.To((string _) => { }).CreateLogger<ServiceBusNudgeQueue>()
        );
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => stranger.SendAsync(Nudge("a", 1), PatienceToken));
        Assert.Equal(0, Bus.Broker.Queue.Count);
    }

    [Fact]
    public void A_connection_string_of_azure_is_refused_without_repeating_it()
    {
        var refused = Assert.Throws<ArgumentException>(() =>
            ServiceBusNudgeQueue.Local(
                "Endpoint=sb://x.servicebus.windows.net;SharedAccessKeyName=n;SharedAccessKey=c2VjcmV0",
                "nudges",
                SentenceLog.To((string _) => { }).CreateLogger<ServiceBusNudgeQueue>()
            )
        );
        Assert.DoesNotContain("c2VjcmV0", refused.ToString(), StringComparison.Ordinal);
    }
}
