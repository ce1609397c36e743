using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Decisions;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Operations.Reconciling;

/// <summary>
/// Makes mirrors follow the gateways that they mirror: whenever Reconcile looks, and at once when something was accepted.
/// </summary>
internal sealed class Follower(Ledger ledger, INudgeQueue queue, TimeProvider clock) : IDisposable
{
    // One after another, or an earlier look at the first gateway could undo what a later one has made the mirror do.
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>All mirrors that have to do with a gateway: its own, and itself when it is one. All mirrors for null.</summary>
    public async Task RunAsync(Name<Gateway>? moved, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            var states = await ledger.LoadAllAsync(cancel);
            foreach (var mirror in states.Values)
            {
                if (mirror.Running.Gateway?.Mirrors is { } source && (moved is null || moved == source || moved == mirror.Name))
                    await FollowAsync(mirror, states[source], cancel);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task FollowAsync(GatewayState mirror, GatewayState source, CancellationToken cancel)
    {
        // A look at an edge of 10,000 exposures is cheap, a decision about one is not.
        var now = clock.GetUtcNow();
        if (Mirroring.Follow(mirror, source, now) is Decision.Refused)
            return;
        var id = FormattableString.Invariant($"mirror:{mirror.Name}#{mirror.NextNumber}:{source.DesiredSince}");
        var origin = new Origin(id, Actor.Reconcile, Causation: source.DesiredSince);
        if (await ledger.DecideAsync(mirror.Name, origin, m => Mirroring.Follow(m, source, now), cancel) is Outcome.Decided decided)
            await queue.SendAsync(new Nudge(mirror.Name, decided.State.LastRevision), cancel);
    }
}
