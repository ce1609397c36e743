using System.Collections.Concurrent;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Decisions;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Hosting;
using ChatOps.Operations.Reconciling;

namespace ChatOps.Operations.Applying;

/// <summary>
/// What a nudge sets off, whatever brought it: mirrors follow, and what is accepted is applied. For a gateway that does not answer one
/// nudge comes back after a pause that grows. What breaks each time it is tried is stuck, and people are told why.
/// </summary>
public sealed class NudgeHandler(Apply apply, Reconcile reconcile, Ledger ledger, INudgeQueue queue, IHealthBoard board, TimeProvider clock)
{
    /// <summary>After how many tries that broke a change is stuck; <c>maxDequeueCount</c> in host.json is the same.</summary>
    public const int MostTries = 5;

    private static readonly BackOff Unanswered = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    private readonly ConcurrentDictionary<Name<Gateway>, int> _misses = new();
    private readonly ConcurrentDictionary<Name<Gateway>, DateTimeOffset> _coming = new();

    /// <summary>Works on a gateway until nothing is left to do.</summary>
    /// <param name="tries">The how manieth try of this nudge it is, from 1.</param>
    /// <param name="cancel">Stops anywhere; the log knows what is unfinished.</param>
    /// <returns>True when the gateway is settled; false when it does not answer, and a nudge comes later.</returns>
    /// <remarks>
    /// What it throws broke: the nudge is to come again, unless this was the last of <see cref="MostTries"/>, after which the log says that
    /// the change is stuck.
    /// </remarks>
    public async Task<bool> RunAsync(Nudge nudge, int tries, CancellationToken cancel)
    {
        try
        {
            var pause = await WorkAsync(nudge.Gateway, cancel);
            if (board.Get(nudge.Gateway) is null)
                await reconcile.RunAsync(cancel);
            if (pause is { } wait && IsFirst(nudge.Gateway, clock.GetUtcNow() + wait))
                await queue.SendLaterAsync(nudge, wait, clock, cancel);
            return pause is null;
        }
        catch (Exception e) when (e is not (OperationCanceledException or LogUnavailableException) && tries >= MostTries)
        {
            await MarkStuckAsync(nudge.Gateway, e, cancel);
            throw;
        }
    }

    /// <summary>
    /// A message is no nudge. Nothing is lost with it, but somebody who is not of us writes into the queue, or a part of us is of another
    /// version: each gateway that may have been meant has an alert.
    /// </summary>
    public async Task TellUnreadableAsync(string text, CancellationToken cancel)
    {
        foreach (var state in (await ledger.LoadAllAsync(cancel)).Values.Where(s => s.Running.Gateway is { Mirrors: null }))
        {
            await ledger.DecideAsync(
                state.Name,
                new Origin($"message:{state.Name}:{Guid.CreateVersion7():N}", Actor.Apply),
                s =>
                    s.Alerts.ContainsKey(UnreadMessage.Key)
                        ? new Decision.Refused(new("people know already."))
                        : new Decision.Accepted([UnreadMessage.Alert(text)]),
                cancel
            );
        }
    }

    // The pause after which to come again when the gateway does not answer; null when it is settled.
    private async Task<TimeSpan?> WorkAsync(Name<Gateway> gateway, CancellationToken cancel)
    {
        var following = reconcile.FollowAsync(gateway, cancel);
        var result = await apply.RunAsync(gateway, cancel);
        await following;
        if (result != ApplyResult.Settled)
            return Unanswered.After(_misses.AddOrUpdate(gateway, 1, (_, n) => n + 1));

        // What has failed is not to be on the mirrors either, and a new mirror is to begin.
        await reconcile.FollowAsync(gateway, cancel);
        _misses.TryRemove(gateway, out _);
        return null;
    }

    private Task<Outcome> MarkStuckAsync(Name<Gateway> gateway, Exception broken, CancellationToken cancel) =>
        ledger.DecideAsync(
            gateway,
            new Origin($"stuck:{gateway}:{Guid.CreateVersion7():N}", Actor.Apply),
            s =>
                s is { Stuck: null, Head: { } head }
                    ? new Decision.Accepted([new ChangeStuck(head.Number, FirstLine(broken))])
                    : new Decision.Refused(new("nothing is left to do, or people know already.")),
            cancel
        );

    // Nudges that fail together would otherwise each bring a new one, for ever.
    private bool IsFirst(Name<Gateway> gateway, DateTimeOffset due)
    {
        while (true)
        {
            if (_coming.TryGetValue(gateway, out var coming))
            {
                if (coming > clock.GetUtcNow())
                    return false;
                if (_coming.TryUpdate(gateway, due, coming))
                    return true;
            }
            else if (_coming.TryAdd(gateway, due))
            {
                return true;
            }
        }
    }

    // People read it in the chat: the sentence, not the trace.
    private static string FirstLine(Exception e)
    {
        var line = e.Message.Split('\n')[0].TrimEnd('\r');
        return line.Length <= 300 ? line : $"{line[..300]}...";
    }
}
