using System.Diagnostics;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ChatOps.Azure.Leases;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Integration.Azurites;

namespace ChatOps.Integration.Leases;

/// <summary>Each <see cref="BlobGatewayLock"/> stands for a process of its own: they share nothing but the container.</summary>
[Collection(WaitingCollection.Name), Trait("needs", "Azurite")]
public sealed class BlobGatewayLeaseTests(AzuriteFixture azurite)
{
    private static readonly Name<Gateway> Gw1 = Text.Parse<Name<Gateway>>("gw1");
    private static readonly Name<Gateway> Gw2 = Text.Parse<Name<Gateway>>("gw2");

    private readonly BlobContainerClient _container = azurite.Container(
        AzuriteFixture.NewName("leases"),
        BlobGatewayLock.NewClientOptions()
    );

    [Fact]
    public async Task One_at_a_time_has_the_turn_at_a_gateway()
    {
        var (holders, most, turns) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(process => Task.Run(() => WorkAsync(new BlobGatewayLock(_container)))));
        Assert.Equal((1, 20), (most, turns));

        async Task WorkAsync(BlobGatewayLock lease)
        {
            for (var i = 0; i < 5; i++)
            {
                await using var turn = await lease.TakeAsync(Gw1, default);
                most = Math.Max(most, Interlocked.Increment(ref holders));
                await Task.Delay(10);
                turns++;
                Interlocked.Decrement(ref holders);
            }
        }
    }

    [Fact]
    public async Task Turns_at_different_gateways_do_not_wait_for_each_other()
    {
        var lease = new BlobGatewayLock(_container);
        await using var first = await lease.TakeAsync(Gw1, default);
        await using var second = await lease.TakeAsync(Gw2, default);
        Assert.False(first.Lost.IsCancellationRequested || second.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Whoever_waits_can_give_up()
    {
        await using var turn = await new BlobGatewayLock(_container).TakeAsync(Gw1, default);
        using var soon = new CancellationTokenSource(300);
        var waiting = new BlobGatewayLock(_container);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.TakeAsync(Gw1, soon.Token));
        await turn.DisposeAsync();
        await (await waiting.TakeAsync(Gw1, default)).DisposeAsync();
    }

    [Fact]
    public async Task A_turn_is_kept_for_longer_than_the_lease()
    {
        await using var turn = await new BlobGatewayLock(_container).TakeAsync(Gw1, default);
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(18));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new BlobGatewayLock(_container).TakeAsync(Gw1, enough.Token));
        Assert.False(turn.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task The_turn_of_a_holder_who_died_elsewhere_ends_with_the_lease()
    {
        await (await new BlobGatewayLock(_container).TakeAsync(Gw1, default)).DisposeAsync();
        await _container.GetBlobClient("gw1").GetBlobLeaseClient().AcquireAsync(TimeSpan.FromSeconds(15));
        await using var turn = await new BlobGatewayLock(_container).TakeAsync(Gw1, Patience.Token);
        Assert.False(turn.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task The_turn_of_a_process_that_died_on_this_machine_ends_at_once()
    {
        // A minute, which is far longer than it takes to see that the holder is dead.
        using var holder = await OtherProcess.StartAsync("hold-lease", azurite.Azurite.ConnectionString, _container.Name, "gw1", "60");
        await holder.SaysAsync("held");
        var waiting = new BlobGatewayLock(_container).TakeAsync(Gw1, Patience.Token);
        await Task.Delay(1500);
        Assert.False(waiting.IsCompleted);
        holder.Kill();
        var killed = Stopwatch.GetTimestamp();
        await using var turn = await waiting;
        Assert.InRange(Stopwatch.GetElapsedTime(killed).TotalSeconds, 0, 59);
    }

    [Fact]
    public async Task Who_loses_the_turn_hears_of_it()
    {
        await using var turn = await new BlobGatewayLock(_container).TakeAsync(Gw1, default);
        await _container.GetBlobClient("gw1").GetBlobLeaseClient().BreakAsync(TimeSpan.Zero);
        await using var other = await new BlobGatewayLock(_container).TakeAsync(Gw1, default);
        await Eventually.TrueAsync(() => turn.Lost.IsCancellationRequested);
        await turn.DisposeAsync();
        Assert.Equal(LeaseState.Leased, (await _container.GetBlobClient("gw1").GetPropertiesAsync()).Value.LeaseState);
    }

    [Fact]
    public async Task The_note_of_an_earlier_holder_takes_nothing_from_a_later_one()
    {
        using (var holder = await OtherProcess.StartAsync("hold-lease", azurite.Azurite.ConnectionString, _container.Name, "gw1", "15"))
        {
            await holder.SaysAsync("held");
            holder.Kill();
        }

        // As a holder of another machine has it before its note is written: the note is that of the dead process.
        var blob = _container.GetBlobClient("gw1");
        await blob.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero);
        await blob.GetBlobLeaseClient().AcquireAsync(TimeSpan.FromSeconds(60));
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new BlobGatewayLock(_container).TakeAsync(Gw1, enough.Token));
    }
}
