using System.Diagnostics;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using ChatOps.Azure.StorageQueue;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Hosting;
using ChatOps.Integration.Azurites;
using Microsoft.Extensions.Logging;

namespace ChatOps.Integration.Queues;

[Collection(WaitingCollection.Name), Trait("needs", "Azurite")]
public sealed class StorageNudgeQueueTests(AzuriteFixture azurite)
{
    private static readonly StorageQueueOptions Impatient = StorageQueueOptions.Default with { Held = TimeSpan.FromSeconds(10) };

    private readonly string _name = AzuriteFixture.NewName("nudges");
    private readonly List<string> _complaints = [];

    // Text as it lies in the queue, without decoding.
    private QueueClient Raw =>
        new(azurite.Azurite.ConnectionString, _name, new QueueClientOptions(QueueClientOptions.ServiceVersion.V2025_11_05));

    private QueueClient Poison =>
        new(azurite.Azurite.ConnectionString, $"{_name}-poison", new QueueClientOptions(QueueClientOptions.ServiceVersion.V2025_11_05));

    [Fact]
    public async Task A_message_is_json()
    {
        await Open().SendAsync(Nudge("gw1", 7), default);
        QueueMessage message = await Raw.ReceiveMessageAsync();
        Assert.Equal("""{"gateway":"gw1","revision":7}""", message.MessageText);
    }

    [Fact]
    public async Task A_nudge_that_is_completed_does_not_come_again()
    {
        var queue = Open(Impatient);
        await queue.SendAsync(Nudge("gw1", 7), default);
        var taken = await TakeAsync(queue);
        Assert.Equal((Nudge("gw1", 7), 1), (taken.Nudge, taken.Delivery));
        await taken.CompleteAsync();
        Assert.Equal(0, await CountAsync(Raw));
    }

    [Fact]
    public async Task A_nudge_that_is_given_back_comes_again()
    {
        var queue = Open();
        await queue.SendAsync(Nudge("gw1", 7), default);
        await (await TakeAsync(queue)).AbandonAsync();
        var again = await TakeAsync(queue);
        Assert.Equal((Nudge("gw1", 7), 2), (again.Nudge, again.Delivery));
        await again.CompleteAsync();
    }

    [Fact]
    public async Task A_nudge_that_is_held_comes_to_nobody_else_however_long_that_takes()
    {
        var queue = Open(Impatient);
        await queue.SendAsync(Nudge("gw1", 7), default);
        var taken = await TakeAsync(queue);
        using var enough = new CancellationTokenSource(Impatient.Held + TimeSpan.FromSeconds(3));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TakeAsync(Open(Impatient), enough.Token));
        Assert.False(taken.Lost.IsCancellationRequested);
        await taken.CompleteAsync();
        Assert.Equal(0, await CountAsync(Raw));
    }

    [Fact]
    public async Task A_nudge_whose_taker_died_comes_again()
    {
        var queue = Open();
        await queue.SendAsync(Nudge("gw1", 7), default);
        await Raw.ReceiveMessageAsync(TimeSpan.FromSeconds(1));
        var again = await TakeAsync(queue);
        Assert.Equal(2, again.Delivery);
        await again.CompleteAsync();
    }

    [Fact]
    public async Task A_nudge_that_somebody_else_has_taken_meanwhile_is_lost()
    {
        var queue = Open(Impatient);
        await queue.SendAsync(Nudge("gw1", 7), default);
        var taken = await TakeAsync(queue);
        await Raw.ClearMessagesAsync();
        await Eventually.TrueAsync(() => taken.Lost.IsCancellationRequested);
        await taken.CompleteAsync();
        await taken.AbandonAsync();
        Assert.Equal(0, await CountAsync(Raw));
    }

    [Fact]
    public async Task A_nudge_that_is_put_aside_is_in_the_poison_queue()
    {
        var queue = Open();
        await queue.SendAsync(Nudge("gw1", 7), default);
        await (await TakeAsync(queue)).PutAsideAsync("gw1 is gone");
        Assert.Equal("""{"gateway":"gw1","revision":7}""", ((QueueMessage)await Poison.ReceiveMessageAsync()).MessageText);
        Assert.Equal(0, await CountAsync(Raw));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("""{"gateway":"no gateway's name","revision":7}""")]
    public async Task A_message_that_is_no_nudge_comes_as_it_is(string text)
    {
        var queue = Open();
        await queue.SendAsync(Nudge("gw1", 1), default);
        await (await TakeAsync(queue)).CompleteAsync();
        await Raw.SendMessageAsync(text);
        var taken = await TakeAsync(queue);
        Assert.Equal((null, text), (taken.Nudge, taken.Text));
        await taken.CompleteAsync();
    }

    [Fact]
    public async Task A_nudge_in_base64_as_earlier_versions_sent_it_is_read()
    {
        var queue = Open();
        await queue.SendAsync(Nudge("gw1", 1), default);
        await (await TakeAsync(queue)).CompleteAsync();
        await Raw.SendMessageAsync(Convert.ToBase64String("""{"gateway":"gw1","revision":2}"""u8));
        var taken = await TakeAsync(queue);
        Assert.Equal(Nudge("gw1", 2), taken.Nudge);
        await taken.CompleteAsync();
    }

    [Fact]
    public async Task A_nudge_for_later_does_not_come_before()
    {
        var queue = Open();
        var (sent, later) = (Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(3));
        await queue.SendLaterAsync(Nudge("gw1", 1), later, TimeProvider.System, default);
        var taken = await TakeAsync(queue);

        // The service counts in whole seconds.
        Assert.InRange(Stopwatch.GetElapsedTime(sent), later - TimeSpan.FromSeconds(1), Patience.Limit);
        await taken.CompleteAsync();
    }

    [Fact]
    public async Task Receiving_waits_for_a_queue_that_is_not_there_yet()
    {
        var taking = TakeAsync(Open());
        await Task.Delay(200);
        await Open().SendAsync(Nudge("gw1", 1), default);
        await (await taking).CompleteAsync();
        Assert.Empty(_complaints);
    }

    private StorageNudgeQueue Open(StorageQueueOptions? options = null) =>
        new(
            new QueueServiceClient(azurite.Azurite.ConnectionString, StorageNudgeQueue.NewClientOptions()),
            _name,
            SentenceLog.To(_complaints.Add).CreateLogger<StorageNudgeQueue>(),
            options
        );

    private static Task<TakenNudge> TakeAsync(StorageNudgeQueue queue) => TakeAsync(queue, Patience.Token);

    private static async Task<TakenNudge> TakeAsync(StorageNudgeQueue queue, CancellationToken cancel) =>
        await queue.ReceiveAsync(cancel).FirstAsync(cancel);

    private static async Task<int> CountAsync(QueueClient queue) => (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount;

    private static Nudge Nudge(string gateway, int revision) => new(Text.Parse<Name<Gateway>>(gateway), new Revision(revision));
}
