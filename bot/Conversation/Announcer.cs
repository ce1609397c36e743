using System.Collections.Immutable;
using System.Threading.Channels;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Decisions;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Rendering;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Conversation;

/// <summary>
/// Shows in the room what the log says: one message a change, edited at each event and each step, and one an alert. It folds the log
/// itself, so that every edit shows the state as of that event, whatever has happened since.
/// </summary>
/// <param name="card">Writes the messages of changes.</param>
/// <param name="alerts">Writes those of alerts.</param>
/// <param name="previews">Make the files that a change would make.</param>
/// <param name="plans">The plans that were made already.</param>
/// <param name="room">Where it is shown.</param>
/// <param name="logger">Where it is logged that a record could not be shown; what comes after it is.</param>
/// <param name="onForgotten">Called when the log says that somebody is to be forgotten, for whoever else holds what was read
/// before.</param>
public sealed partial class Announcer(
    IEventLog log,
    ChangeCard card,
    AlertCard alerts,
    Previews previews,
    Plans plans,
    IChatRoom room,
    ILogger<Announcer> logger,
    Action? onForgotten = null
) : IApplyProgress
{
    private readonly Channel<object> _work = Channel.CreateUnbounded<object>(new() { SingleReader = true });
    private readonly Dictionary<Name<Gateway>, GatewayState> _states = [];
    private readonly Lock _lock = new();
    private readonly List<(long Position, TaskCompletionSource Done)> _waiting = [];
    private readonly List<Step> _early = [];
    private long _position;
    private Exception? _ended;

    /// <summary>How many changes have failed or got stuck since the start.</summary>
    public int Failures { get; private set; }

    /// <inheritdoc/>
    public void Report(Name<Gateway> gateway, int change, ApplyStep step) => _work.Writer.TryWrite(new Step(gateway, change, step));

    /// <summary>Completes when all records up to a position are shown.</summary>
    public Task ReachedAsync(long position, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (_position >= position)
                return Task.CompletedTask;
            if (_ended is not null)
                return Task.FromException(_ended);
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((position, done));
            return done.Task.WaitAsync(cancel);
        }
    }

    /// <summary>The position up to which all records are shown.</summary>
    public long Position => Interlocked.Read(ref _position);

    /// <summary>
    /// The changes that are accepted and whose end has not been shown, without those that wait until somebody says <c>retry</c>.
    /// </summary>
    public IReadOnlyList<string> Unsettled { get; private set; } = [];

    /// <summary>Goes on from what was folded already and shows what comes after <paramref name="now"/>; runs until cancelled.</summary>
    /// <param name="from">What was folded already.</param>
    /// <param name="now">The position up to which the log is old news: only what is still open is shown of it.</param>
    public async Task RunAsync(FoldedLog from, long now, CancellationToken cancel)
    {
        foreach (var (name, state) in from.States)
            _states[name] = state;
        if (from.HasForgotten)
            onForgotten?.Invoke();
        var following = FollowAsync(from.Position, cancel);
        try
        {
            if (from.Position > 0)
                Reach(from.Position, from.Position == now);
            await foreach (var item in _work.Reader.ReadAllAsync(cancel))
            {
                if (item is Recorded recorded)
                    Show(recorded, recorded.Position > now, recorded.Position == now);
                else if (item is Step step)
                    Show(step);
            }

            await following;
        }
        catch (Exception e)
        {
            End(e);
            throw;
        }
    }

    // Whoever waits for a record to be shown must not wait for ever.
    private void End(Exception e)
    {
        lock (_lock)
        {
            _ended = e;
            foreach (var (_, done) in _waiting)
                done.TrySetException(e);
            _waiting.Clear();
        }
    }

    private async Task FollowAsync(long after, CancellationToken cancel)
    {
        try
        {
            await foreach (var recorded in log.FollowAsync(after, cancel))
                _work.Writer.TryWrite(recorded);
        }
        catch (Exception e)
        {
            _work.Writer.TryComplete(e);
            throw;
        }
    }

    private void Show(Recorded recorded, bool isNew, bool isLastOld)
    {
        if (Gateway.OfStream(recorded.Stream) is { } name)
        {
            var before = _states.TryGetValue(name, out var known) ? known : GatewayState.Initial(name);
            var after = before.With(recorded);
            _states[name] = after;
            if (isNew)
                Tell(before, after, recorded);
            ShowEarly();
        }
        else if (recorded.Event is PersonForgotten forgotten)
        {
            Forget(forgotten, isNew);
        }

        Reach(recorded.Position, isLastOld);
    }

    private void Reach(long position, bool isLastOld)
    {
        if (isLastOld)
            ShowOpen();
        Unsettled = [.. _states.Values.Where(s => s.Stuck is null).SelectMany(s => s.Queue.Select(n => ChangeCard.KeyOf(s.Name, n)))];
        lock (_lock)
        {
            Interlocked.Exchange(ref _position, position);
            foreach (var (_, done) in _waiting.Where(w => w.Position <= _position))
                done.TrySetResult();
            _waiting.RemoveAll(w => w.Position <= _position);
        }
    }

    private void Tell(GatewayState before, GatewayState after, Recorded recorded)
    {
        var kind = EventTypes.Of(recorded.Event);
        if (kind.Told == Told.Card && after.Changes[((ChangeEvent)recorded.Event).Number] is var change && !IsOvertaken(change))
            Show(before, after, change);
        if (kind.Told == Told.Everybody)
            Post(recorded.Id, () => AloneOf(before, after, recorded));
        if (kind.IsFailure)
            Failures++;
    }

    // What has a message of its own; null for the end of an alert whose beginning nobody was told of.
    private ChatMessage? AloneOf(GatewayState before, GatewayState after, Recorded recorded) =>
        recorded.Event switch
        {
            ChangeForced e => card.Glass(after, after.Changes[e.Number], recorded.Time, _states.Count > 1),
            AlertRaised e => alerts.Raised(after.Name, after.Alerts[e.Key]),
            AlertCleared e => before.Alerts.TryGetValue(e.Key, out var over) ? alerts.Cleared(after.Name, over, e, recorded.Time) : null,
            var e => throw new InvalidOperationException($"no message for {e.GetType().Name}"),
        };

    // What cannot be shown is a fault of ours. It costs one message and not the program, which would meet it again at every start.
    private void Post(string what, Func<ChatMessage?> write)
    {
        try
        {
            if (write() is { } message)
                room.Post(message);
        }
        catch (Exception e)
        {
            NotShown(what, e.Message, e);
            room.Post(new($"fault:{what}", null, $"{what} could not be shown: {e.Message}", null, [], Tone.Bad));
        }
    }

    private void Forget(PersonForgotten forgotten, bool isNew)
    {
        foreach (var (gateway, before) in _states.ToList())
        {
            var after = _states[gateway] = before.Without(forgotten);
            foreach (var change in after.Changes.Open.Where(c => isNew && (forgotten.Is(c.By) || c.Approvers.Any(forgotten.Is))))
                Show(after, after, change);
        }

        onForgotten?.Invoke();
    }

    // A step can be heard of before the log's follower has brought the acceptance; it then waits for it. One that comes after the end is
    // old news.
    private void Show(Step step)
    {
        // The log says that itself.
        if (step.At == ApplyStep.Confirmed)
            return;
        if (
            !_states.TryGetValue(step.Gateway, out var state)
            || !state.Changes.TryGetValue(step.Change, out var change)
            || change.Status is ChangeStatus.Proposed
        )
            _early.Add(step);
        else if (change.Status is ChangeStatus.Accepted { Stuck: null })
            Post(ChangeCard.KeyOf(step.Gateway, change.Number), () => card.Progress(step.Gateway, change, step.At));
    }

    private void ShowEarly()
    {
        Step[] early = [.. _early];
        _early.Clear();
        foreach (var step in early)
            Show(step);
    }

    private void ShowOpen()
    {
        foreach (var state in _states.Values)
        {
            foreach (var change in state.Changes.Open.OrderBy(c => c.Number))
                Show(state, state, change);
            foreach (var alert in state.Alerts.Values)
                Post($"{state.Name}: {alert.Key}", () => alerts.Raised(state.Name, alert));
        }
    }

    // The last approval and the acceptance come in one append; "waits for 0 approvals" is nothing to show.
    private static bool IsOvertaken(Change change) => change.Status is ChangeStatus.Proposed && change.Open.Total == 0;

    private void Show(GatewayState before, GatewayState after, Change change) =>
        Post(ChangeCard.KeyOf(after.Name, change.Number), () => CardOf(before, after, change));

    private ChatMessage CardOf(GatewayState before, GatewayState after, Change change)
    {
        // What policy approved by itself has not been shown as a proposal, so its plan comes with the approval.
        var wantsPlan = change.Status is ChangeStatus.Proposed || (change.Status is ChangeStatus.Accepted && change.Needs.Total == 0);
        var isPlannable = wantsPlan && EffectCheck.Problem(before, change.Effects) is null;
        var plan = isPlannable ? plans.Of(before, change) : null;
        var (diffs, problem) = (ImmutableArray<FileDiff>.Empty, (string?)null);
        try
        {
            diffs = plan is null ? [] : [.. previews.DiffOf(plan)];
        }
        catch (TemplateException e)
        {
            problem = e.Message;
        }

        return card.Of(
            after,
            change,
            problem is null ? plan : plan! with { Warnings = [.. plan.Warnings, problem] },
            diffs,
            _states.Count > 1
        );
    }

    private sealed record Step(Name<Gateway> Gateway, int Change, ApplyStep At);

    [LoggerMessage(1, LogLevel.Error, "showing {What}: {Problem}")]
    private partial void NotShown(string what, string problem, Exception why);
}
