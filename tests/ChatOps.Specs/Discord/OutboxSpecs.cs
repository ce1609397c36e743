using ChatOps.Bot.Discord.Api;

namespace ChatOps.Specs.Discord;

public sealed class OutboxSpecs
{
    private readonly List<string> _sent = [];
    private readonly Queue<TaskCompletionSource> _gates = new();

    [Fact]
    public async Task While_one_state_is_sent_only_the_newest_of_the_others_is_kept()
    {
        var gate = Gate();
        var outbox = new MessageOutbox(SendAsync);
        var first = outbox.PutAsync(Text("1"));
        while (Sent.Count == 0)
            await Task.Delay(1);
        var (second, third, fourth) = (outbox.PutAsync(Text("2")), outbox.PutAsync(Text("3")), outbox.PutAsync(Text("4")));
        gate.SetResult();
        await Task.WhenAll(first, second, third, fourth);
        Assert.Equal(["1", "4"], Sent);
    }

    [Fact]
    public async Task States_that_do_not_meet_are_all_sent_in_order()
    {
        var outbox = new MessageOutbox(SendAsync);
        for (var i = 0; i < 5; i++)
            await outbox.PutAsync(Text($"{i}"));
        Assert.Equal(["0", "1", "2", "3", "4"], Sent);
    }

    [Fact]
    public async Task After_a_failure_the_next_state_is_sent()
    {
        var outbox = new MessageOutbox(m => m.Content == "bad" ? Task.FromException(new InvalidOperationException("no")) : SendAsync(m));
        await Assert.ThrowsAsync<InvalidOperationException>(() => outbox.PutAsync(Text("bad")));
        await outbox.PutAsync(Text("good"));
        Assert.Equal(["good"], Sent);
    }

    [Fact]
    public async Task It_ends_with_the_last_state_however_many_put_at_once()
    {
        var (busy, sent) = (0, new List<string>());
        var outbox = new MessageOutbox(async m =>
        {
            Assert.Equal(1, Interlocked.Increment(ref busy));
            await Task.Yield();
            sent.Add(m.Content);
            Interlocked.Decrement(ref busy);
        });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(t => Task.Run(() => Task.WhenAll(Enumerable.Range(0, 200).Select(i => outbox.PutAsync(Text($"{t}-{i}")))))));
        await outbox.PutAsync(Text("last"));
        Assert.Equal("last", sent[^1]);
        Assert.Equal(sent.Distinct(), sent);
    }

    private List<string> Sent
    {
        get
        {
            lock (_sent)
                return [.. _sent];
        }
    }

    private TaskCompletionSource Gate()
    {
        var gate = new TaskCompletionSource();
        _gates.Enqueue(gate);
        return gate;
    }

    private Task SendAsync(MessagePayload message)
    {
        lock (_sent)
            _sent.Add(message.Content);
        return _gates.TryDequeue(out var gate) ? gate.Task : Task.CompletedTask;
    }

    private static MessagePayload Text(string text) => new() { Content = text };
}
