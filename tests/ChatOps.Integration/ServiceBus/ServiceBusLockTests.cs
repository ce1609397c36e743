using ChatOps.Core.Application.Ports;

namespace ChatOps.Integration.ServiceBus;

public sealed class ServiceBusLockTests : ServiceBusTest
{
    [Fact]
    public async Task The_lock_is_renewed_while_an_apply_runs_longer_than_it()
    {
        // A real namespace's locks last 5 s.
        await BeginAgainAsync(TimeSpan.FromSeconds(8));
        await SendAsync("a", 1);
        var deliveries = 0;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(PatienceToken);
        await ServeAsync(
            Queue,
            async nudge =>
            {
                deliveries++;
                if (IsOnLoopback)
                    await Eventually.TrueAsync(() => Bus.Broker.Queue.Renewals >= 2 || nudge.Lost.IsCancellationRequested);
                else
                    await Task.Delay(TimeSpan.FromSeconds(13), nudge.Lost);
                Assert.False(nudge.Lost.IsCancellationRequested);
                await nudge.CompleteAsync();
                await enough.CancelAsync();
            },
            enough.Token
        );
        Assert.Equal(1, deliveries);
        Assert.Equal(0, RemainingCount());
    }

    [BrokerFact]
    public async Task Who_has_lost_the_lock_is_told_and_the_nudge_comes_to_the_next()
    {
        await BeginAgainAsync(TimeSpan.FromSeconds(1));
        Bus.Broker.Queue.RefusesRenewals = true;
        await SendAsync("a", 1);
        var first = new TaskCompletionSource<TakenNudge>();
        var second = new TaskCompletionSource<int>();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(PatienceToken);
        var serving = ServeAsync(
            Queue,
            async nudge =>
            {
                if (first.TrySetResult(nudge))
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, nudge.Lost).ContinueWith(_ => { }, TaskScheduler.Default);
                    return;
                }

                second.TrySetResult(nudge.Delivery);
                await nudge.CompleteAsync();
            },
            done.Token
        );
        Assert.Equal(2, await second.Task.PatientlyAsync());
        var lost = await first.Task;
        Assert.True(lost.Lost.IsCancellationRequested);

        // Too late to say anything about it, and no harm.
        await lost.CompleteAsync();
        await Eventually.TrueAsync(() => Bus.Broker.Queue.Count == 0);
        await done.CancelAsync();
        await serving;
    }

    [BrokerFact]
    public async Task After_a_cut_connection_both_sides_go_on_and_nothing_is_lost()
    {
        var seen = new List<int>();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(PatienceToken);
        var serving = ServeAsync(
            Queue,
            async nudge =>
            {
                lock (seen)
                    seen.Add(nudge.Nudge!.Revision.Number);
                await nudge.CompleteAsync();
            },
            done.Token
        );
        await SendAsync("a", 1);
        await Eventually.TrueAsync(() => seen.Contains(1) && Bus.Broker.Queue.Count == 0);
        for (var i = 2; i <= 4; i++)
        {
            Bus.Broker.Cut();
            await SendAsync("a", i);
            await Eventually.TrueAsync(() => seen.Contains(i) && Bus.Broker.Queue.Count == 0);
        }

        await done.CancelAsync();
        await serving;
        Assert.Equal([1, 2, 3, 4], seen.Distinct());
    }

    [BrokerFact]
    public async Task What_a_taker_has_not_settled_when_it_stops_comes_to_the_next_uncounted()
    {
        await SendAsync("a", 1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(PatienceToken);
        await ServeAsync(Queue, _ => stop.CancelAsync(), stop.Token);
        var deliveries = new List<int>();
        await TakeAsync(Queue, 1, n =>
        {
            deliveries.Add(n.Delivery);
            return n.CompleteAsync();
        });
        Assert.Equal([1], deliveries);
    }
}
