using System.Collections.Immutable;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Lab;

/// <summary>A shell at which something happens, once, at a moment of the first apply.</summary>
internal sealed class FaultyShell(IGatewayClient inner, string moment, Action happens) : IGatewayClient, IAsyncDisposable
{
    /// <summary>In the order in which an apply comes to them; <c>applied</c> and <c>confirmed</c> are just after the answer.</summary>
    public static readonly string[] Moments =
    [
        "connecting",
        "validating",
        "switching",
        "checking",
        "applied",
        "proving",
        "confirming",
        "confirmed",
    ];

    private int _happened;

    public bool HasHappened => Volatile.Read(ref _happened) == 2;

    public Task<HostKey> ReadHostKeyAsync(Gateway gateway, CancellationToken cancel) => inner.ReadHostKeyAsync(gateway, cancel);

    public async Task<GatewayAnswer> ApplyAsync(
        Gateway gateway,
        Revision revision,
        TimeSpan revertAfter,
        IReadOnlyDictionary<string, string> files,
        bool full,
        Action<string> onStep,
        CancellationToken cancel
    )
    {
        At("connecting");
        var answer = await inner.ApplyAsync(
            gateway,
            revision,
            revertAfter,
            files,
            full,
            step =>
            {
                At(step);
                onStep(step);
            },
            cancel
        );
        At("applied");
        return answer;
    }

    public Task ProveNewConnectionAsync(Gateway gateway, CancellationToken cancel)
    {
        At("proving");
        return inner.ProveNewConnectionAsync(gateway, cancel);
    }

    public async Task<GatewayAnswer> ConfirmAsync(Gateway gateway, Revision revision, CancellationToken cancel)
    {
        At("confirming");
        var answer = await inner.ConfirmAsync(gateway, revision, cancel);
        At("confirmed");
        return answer;
    }

    public Task<ImmutableArray<Drift>> DriftAsync(Gateway gateway, CancellationToken cancel) => inner.DriftAsync(gateway, cancel);

    public Task<GatewayStats> StatsAsync(Gateway gateway, CancellationToken cancel) => inner.StatsAsync(gateway, cancel);

    public Task<GatewayAnswer> RevertAsync(Gateway gateway, CancellationToken cancel) => inner.RevertAsync(gateway, cancel);

    public Task<GatewayObservation> ObserveAsync(Gateway gateway, CancellationToken cancel) => inner.ObserveAsync(gateway, cancel);

    public async ValueTask DisposeAsync()
    {
        if (inner is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    private void At(string name)
    {
        if (name != moment || Interlocked.CompareExchange(ref _happened, 1, 0) != 0)
            return;
        happens();
        Volatile.Write(ref _happened, 2);
    }
}

/// <summary>A clock that jumps; lengths of time are measured right, as on a real machine.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private long _offset;

    public void Jump(TimeSpan by) => Interlocked.Add(ref _offset, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _offset));
}
