using System.Collections.Concurrent;
using ChatOps.Core.Changes;
using ChatOps.Core.Gateways;
using ChatOps.Core.Values;

namespace ChatOps.Functions.Apply;

/// <summary>
/// What a nudge sets off, whatever brought it: mirrors follow, and what is accepted is applied. Says when to come again for a gateway that does not
/// answer, and remembers what broke, so that people can be told.
/// </summary>
public sealed class NudgedWork(Apply apply, Reconcile.Reconcile reconcile, Ledger ledger)
{
    /// <summary>After how many tries that broke a change is stuck.</summary>
    public const int MostTries = 5;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Name<Gateway>, int> _misses = new();
    private readonly ConcurrentDictionary<Name<Gateway>, string> _broken = new();

    /// <summary>Works on a gateway until nothing is left to do. Returns the pause after which to come again when it does not answer; null when it is settled.</summary>
    public async Task<TimeSpan?> RunAsync(Name<Gateway> gateway, CancellationToken cancel)
    {
        try
        {
            var following = reconcile.FollowAsync(gateway, cancel);
            var result = await apply.RunAsync(gateway, cancel);
            await following;
            _broken.TryRemove(gateway, out _);
            if (result != ApplyResult.Settled)
                return TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, _misses.AddOrUpdate(gateway, 1, (_, n) => n + 1) - 1)));

            // What has failed is not to be on the mirrors either, and a new mirror is to begin.
            await reconcile.FollowAsync(gateway, cancel);
            _misses.TryRemove(gateway, out _);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _broken[gateway] = FirstLine(e);
            throw;
        }
    }

    /// <summary>Says in the log that what is next on a gateway is stuck; nothing when it is not any more.</summary>
    public Task<Outcome> SetAsideAsync(Name<Gateway> gateway, CancellationToken cancel)
    {
        var error = _broken.GetValueOrDefault(gateway, "another process has tried it; its own log says what broke");
        return ledger.DecideAsync(
            gateway,
            new Origin($"stuck:{gateway}:{Guid.CreateVersion7():N}", Actor.Apply),
            s =>
                s is { Stuck: null, Head: { } head }
                    ? new Decision.Accepted([new ChangeStuck(head.Number, error)])
                    : new Decision.Refused(new("nothing is left to do, or people know already.")),
            cancel
        );
    }

    // People read it in the chat: the sentence, not the trace.
    private static string FirstLine(Exception e)
    {
        var line = e.Message.Split('\n')[0].TrimEnd('\r');
        return line.Length <= 300 ? line : $"{line[..300]}...";
    }
}
