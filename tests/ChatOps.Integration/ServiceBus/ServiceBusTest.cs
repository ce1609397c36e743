using ChatOps.Azure.ServiceBus;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Integration.ServiceBus;

/// <summary>A test with a bus, and one process that sends and receives. One after another, because a real queue is one for all.</summary>
[Collection("service bus")]
public abstract class ServiceBusTest : IAsyncLifetime
{
    private protected const int MaxDeliveries = Bus.MaxDeliveries;

    // Names of this run's own, because a real queue may hold what an earlier run has left.
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];

    private protected static bool IsOnLoopback => ServiceBus.Bus.RealNamespace is null;

    private protected Bus Bus { get; private set; } = null!;

    private protected ServiceBusNudgeQueue Queue { get; private set; } = null!;

    private protected CancellationToken PatienceToken { get; } = Patience.Token;

    public Task InitializeAsync()
    {
        Begin(TimeSpan.FromSeconds(5));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await Queue.DisposeAsync();
        await Bus.DisposeAsync();
    }

    private protected Name<Gateway> Gw(string name) => Text.Parse<Name<Gateway>>($"{name}-{_run}");

    private protected Nudge Nudge(string gateway, int revision) => new(Gw(gateway), new Revision(revision));

    private protected Task SendAsync(string gateway, int revision) => Queue.SendAsync(Nudge(gateway, revision), PatienceToken);

    private protected int RemainingCount() => IsOnLoopback ? Bus.Broker.Queue.Count : 0;

    private protected void Begin(TimeSpan lockDuration)
    {
        Bus = new Bus(lockDuration);
        Queue = Bus.Connect();
    }

    private protected async Task BeginAgainAsync(TimeSpan lockDuration)
    {
        await Queue.DisposeAsync();
        await Bus.DisposeAsync();
        Begin(lockDuration);
    }

    // Takes so many of this run's nudges, as they come.
    private protected async Task<List<Nudge>> TakeAsync(ServiceBusNudgeQueue queue, int count, Func<TakenNudge, Task> work)
    {
        var taken = new List<Nudge>();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(PatienceToken);
        await ServeAsync(
            queue,
            async nudge =>
            {
                lock (taken)
                    taken.Add(nudge.Nudge!);
                await work(nudge);
                if (taken.Count >= count)
                    await enough.CancelAsync();
            },
            enough.Token
        );
        Assert.False(
            PatienceToken.IsCancellationRequested,
            $"only {taken.Count} of {count} nudges came: {string.Join("; ", Bus.Complaints)}"
        );
        return taken;
    }

    private protected async Task ServeAsync(ServiceBusNudgeQueue queue, Func<TakenNudge, Task> work, CancellationToken cancel)
    {
        var working = new List<Task>();
        try
        {
            await foreach (var nudge in queue.ReceiveAsync(cancel))
                working.Add(nudge.Nudge!.Gateway.ToString().EndsWith(_run, StringComparison.Ordinal) ? work(nudge) : nudge.CompleteAsync());
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Enough.
        }

        await Task.WhenAll(working);
    }
}
