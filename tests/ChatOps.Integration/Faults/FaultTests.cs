using System.Diagnostics;
using System.Globalization;
using Azure.Storage.Queues;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Changes;

namespace ChatOps.Integration.Faults;

/// <summary>
/// What may go wrong between the processes of the Azurite edition. After each: the folded log is what the gateway runs, and every accepted
/// change has exactly one end.
/// </summary>
[Collection(nameof(FaultTests)), Trait("needs", "Azurite")]
public sealed class FaultTests
{
    [Theory, InlineData(true, 100), InlineData(false, 40)]
    public async Task The_function_process_is_killed_at_random(bool hosted, int changes)
    {
        await using var edition = await Edition.StartAsync(hosted: hosted);
        using var done = new CancellationTokenSource();
        var (random, since) = (new Random(4), Stopwatch.GetTimestamp());
        var killing = KillAsync();

        // The slower the machine, the more of them are applied together, and the fewer moments there are to kill it in: then they go on
        // until it was killed often enough.
        var said = 0;
        for (; said < changes || edition.Functions[0].Kills < changes / 20; said++)
        {
            Assert.True(await edition.SayAsync($"expose vm2:8080 on {10_000 + said}"), edition.Said());
            await Task.Delay(random.Next(0, 150));
        }

        await edition.SettledAsync();
        await done.CancelAsync();
        await killing;
        var state = await edition.AgreedAsync();
        AreApplied(state, said + 1);
        Figure(
            $"{said} applies while the function process was killed {edition.Functions[0].Kills} times: all applied once, in {Stopwatch.GetElapsedTime(since).TotalSeconds:0} s"
        );

        int Confirmed() => edition.Transcript.Split(" · confirmed · ").Length;

        async Task KillAsync()
        {
            // After some more applies, however long they take, or now and then after a moment, which may be before it does anything.
            while (!done.IsCancellationRequested)
            {
                var (more, until) = (
                    Confirmed() + random.Next(2, 10),
                    random.Next(4) == 0 ? DateTime.UtcNow.AddMilliseconds(random.Next(0, 1_500)) : DateTime.MaxValue
                );
                while (Confirmed() < more && DateTime.UtcNow < until && !done.IsCancellationRequested)
                    await Task.Delay(20);
                await Task.Delay(random.Next(0, 100));
                await edition.Functions[0].KillAsync();
            }
        }
    }

    [Fact]
    public async Task Every_message_comes_twice_and_in_random_order()
    {
        CarelessQueue? queue = null;
        await using var edition = await Edition.StartAsync(through: q => queue = new CarelessQueue(q, 7));
        for (var i = 0; i < 60; i++)
            Assert.True(await edition.SayAsync($"expose vm2:8080 on {10_000 + i}"), edition.Said());
        await edition.SettledAsync();
        await QuietAsync(edition);
        var state = await edition.AgreedAsync();
        AreApplied(state, 61);
        Assert.Equal(122, queue!.Sent.Count);
        Figure($"{queue.Sent.Count} messages for 61 changes, in random order: all applied once");
    }

    [Fact]
    public async Task Two_function_processes_work_at_once()
    {
        await using var edition = await Edition.StartAsync(functions: 2);
        var since = Stopwatch.GetTimestamp();
        for (var i = 0; i < 60; i++)
            Assert.True(
                await edition.SayAsync(i % 3 == 2 ? $"unexpose {10_000 + i - 1}" : $"expose vm2:8080 on {10_000 + i}"),
                edition.Said()
            );
        await edition.SettledAsync();
        await QuietAsync(edition);
        var state = await edition.AgreedAsync();
        AreApplied(state, 61);
        Figure($"60 changes by two function processes: all applied once, in {Stopwatch.GetElapsedTime(since).TotalSeconds:0} s");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_change_whose_every_try_breaks_is_stuck_and_retry_brings_it_back(bool hosted)
    {
        await using var edition = await Edition.StartAsync(hosted: hosted);
        var highest = Path.Combine(edition.GatewayFolder, "highest");
        var good = await File.ReadAllTextAsync(highest);
        await File.WriteAllTextAsync(highest, "not a number");
        Assert.True(await edition.SayAsync("expose vm2:8080 on 80"));
        Assert.True(await edition.SayAsync("expose vm2:8080 on 81"));
        await WaitAsync(edition, s => s.Stuck is not null);
        await edition.SaidAsync("retry at gw1, or show 2");
        await edition.SaidAsync("was not in a correct format");
        Assert.Empty(edition.Core.Unsettled);

        await File.WriteAllTextAsync(highest, good);
        Assert.True(await edition.SayAsync("retry"), edition.Said());
        await edition.SettledAsync();
        var state = await edition.AgreedAsync();
        AreApplied(state, 3);
        Assert.False(await edition.SayAsync("retry"));
        await edition.SaidAsync("nothing on gw1 is stuck.");
        Figure($"a change whose five tries broke: stuck in chat and log, applied after retry");
    }

    [
        Theory,
        InlineData(true, QueueMessageEncoding.None),
        InlineData(true, QueueMessageEncoding.Base64),
        InlineData(false, QueueMessageEncoding.None)
    ]
    public async Task A_message_that_nobody_can_read_is_told_in_chat_and_log(bool hosted, QueueMessageEncoding encoding)
    {
        await using var edition = await Edition.StartAsync(hosted: hosted);
        var queue = new QueueClient(
            edition.Azurite.ConnectionString,
            "nudges",
            new QueueClientOptions(QueueClientOptions.ServiceVersion.V2025_11_05) { MessageEncoding = encoding }
        );
        await queue.SendMessageAsync("drop table gateways");
        await WaitAsync(edition, s => s.Alerts.ContainsKey(UnreadMessage.Key));
        var shown = encoding == QueueMessageEncoding.None ? "drop table gateways" : Convert.ToBase64String("drop table gateways"u8);
        await edition.SaidAsync($"cannot be read and was set aside: \"{shown}\"");
        Assert.True(await edition.SayAsync("expose vm2:8080 on 80"));
        await edition.SettledAsync();
        Assert.True(await edition.SayAsync("retry"));
        Assert.Empty((await edition.AgreedAsync()).Alerts);
        Figure($"a message that is no nudge: an alert in chat and log, and nothing else waits for it");
    }

    [Fact]
    public async Task Storage_is_off_for_10_seconds_or_more_in_the_middle_of_proposals()
    {
        await using var edition = await Edition.StartAsync();
        var (said, saved, refused, since) = (0, new List<int>(), new List<int>(), Stopwatch.GetTimestamp());
        var outage = OutageAsync();
        while (!outage.IsCompleted || said < 40)
        {
            var port = 10_000 + said++;
            (await edition.SayAsync($"expose vm2:8080 on {port}") ? saved : refused).Add(port);
            await Task.Delay(100);
        }

        await outage;
        await edition.SettledAsync();
        var state = await edition.AgreedAsync();
        var open = state.Running.Exposures.Keys.Select(e => (int)e.Port!.Value.Port.Number).ToHashSet();
        Assert.NotEmpty(refused);
        Assert.Subset<int>(open, saved.ToHashSet());

        // Of what was refused, exactly that may be saved of which the chat did not say that nothing is.
        var unsure = edition.Transcript.Split("the log stopped answering before it said whether this is saved").Length - 1;
        var sure = edition.Transcript.Split("the log does not answer. Nothing of this is saved.").Length - 1;
        Assert.Equal(refused.Count, sure + unsure);
        Assert.InRange(open.Intersect(refused).Count(), 0, unsure);
        Figure(
            $"{said} proposals around 10 s or more without storage: {saved.Count} saved and said so, {sure} not saved and said so, {unsure} unsure ({open.Intersect(refused).Count()} saved), in {Stopwatch.GetElapsedTime(since).TotalSeconds:0} s"
        );

        async Task OutageAsync()
        {
            await Task.Delay(1_500);
            await edition.Azurite.StopAsync();
            await Task.Delay(10_000);
            await Eventually.TrueAsync(() => refused.Count > 0);
            await edition.Azurite.StartAsync();
        }
    }

    private static Task WaitAsync(Edition edition, Func<GatewayState, bool> isSo) =>
        Eventually.TrueAsync(async () => isSo(await edition.StateAsync()), edition.Said);

    // Until what still lies in the queue has been seen to do no harm.
    private static async Task QuietAsync(Edition edition)
    {
        var queue = new QueueClient(
            edition.Azurite.ConnectionString,
            "nudges",
            new QueueClientOptions(QueueClientOptions.ServiceVersion.V2025_11_05)
        );
        await Eventually.TrueAsync(() => queue.GetProperties().Value.ApproximateMessagesCount == 0, edition.Said);
    }

    private static void AreApplied(GatewayState state, int count)
    {
        Assert.Empty(state.Changes.Values.Where(c => c.Status is not ChangeStatus.Applied).Select(c => $"#{c.Number} {c.Status}"));
        Assert.Equal(count, state.Changes.Count);
    }

    private static void Figure(FormattableString text) => Console.WriteLine($"FIGURE {text.ToString(CultureInfo.InvariantCulture)}");
}

/// <summary>One at a time: each has an Azurite and processes of its own.</summary>
[CollectionDefinition(nameof(FaultTests), DisableParallelization = true)]
public sealed class FaultCollection;
