using System.Collections.Immutable;
using ChatOps.Bot.Chat;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Application.Telemetry;
using ChatOps.Core.Decisions;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Bot.Conversation;

/// <summary>Lines that propose a change, or decide about one.</summary>
public sealed partial class Conversation
{
    // One after the other, each as if it had been said by itself.
    private async Task<Refusal?> ApproveAsync(ChatLine line, ImmutableArray<Approve> all, CancellationToken cancel)
    {
        var (refusals, answers) = (new List<Refusal>(), new List<ChatMessage>());
        for (var i = 0; i < all.Length; i++)
        {
            // Each has an origin of its own, or the log would take the second for the first said twice.
            var one = line with
            {
                Id = i == 0 ? line.Id : $"{line.Id}/{i}",
                Text = $"approve {all[i].Change.Typed}",
                Reply = line.Reply is null ? null : answers.Add,
            };
            if (await AnsweredAsync(one, all[i], cancel) is { } no)
                refusals.Add(no with { Sentence = $"{all[i].Change}: {no.Sentence}" });
        }

        if (answers.Count > 0)
            line.Reply?.Invoke(answers[^1] with { Key = AnswerKey(line), Text = string.Join('\n', answers.Select(a => a.Text)) });
        return refusals.Count == 0
            ? null
            : new(string.Join('\n', refusals.Select(r => r.Sentence)), [.. refusals.SelectMany(r => r.Next).Distinct()]);
    }

    // The only one is clear. Several are listed, and the line that consents to them names each.
    private async Task<Refusal?> ApproveWaitingAsync(
        ChatLine line,
        ImmutableSortedDictionary<Name<Gateway>, GatewayState> states,
        ApproveWaiting waiting,
        CancellationToken cancel
    )
    {
        var mine =
            from state in states.Values
            from change in state.Proposed
            let approve = new Approve(waiting.Spec, new(states.Count > 1 ? state.Name : null, change.Number), change.PlanHash)
            where Decider.Decide(state, approve, line.Speaker, authority.Policy, line.Speaker.Now(clock)) is Decision.Accepted
            select (State: state, Change: change, Approve: approve);
        var all = mine.ToList();
        if (all is [var only] && !waiting.IsAll)
            return await AnsweredAsync(Told(line, $"approve {only.Approve.Change.Typed}"), only.Approve, cancel);
        if (all.Count == 0)
            return new("nothing waits for your consent.", "pending");
        var list = all.Select(m => $"  {m.Approve.Change}  {EffectWords.Of(m.Change)} on {m.State.Name}, by {m.Change.By.Name}");
        return new(
            $"{Counts.Of(all.Count, "change")} {(all.Count == 1 ? "waits" : "wait")} for your consent:\n{string.Join('\n', list)}",
            $"approve {string.Join(' ', all.Select(m => m.Approve.Change.Typed))}",
            $"show {all[0].Approve.Change.Typed}"
        );
    }

    private async Task<Refusal?> ProposeAsync(
        ChatLine line,
        ImmutableSortedDictionary<Name<Gateway>, GatewayState> states,
        GatewayState state,
        ChangeCommand command,
        CancellationToken cancel
    )
    {
        var keyed = await keys.KeyedAsync(states, state, command, line.Whisper is not null, cancel);
        if (keyed.Refusal is not null)
            return keyed.Refusal;
        PrivateFile? file = null;
        var refusal = await DecideAsync(
            line,
            state.Name,
            s => Decider.Decide(s, keyed.Command, line.Speaker, authority.Policy, line.Speaker.Now(clock)),
            cancel,
            decided => file = keyed.File?.Invoke(decided)
        );
        if (file is not null)
        {
            line.Whisper!(file);
            (line.Reply ?? room.Post)(
                new(
                    $"private:{line.Id}",
                    null,
                    writer.Write("private", new { file.Name, To = line.Speaker.Actor.Name }),
                    null,
                    [],
                    Tone.Plain
                )
            );
        }

        return refusal;
    }

    private Task<Refusal?> RetryAsync(ChatLine line, GatewayState state, Retry command, CancellationToken cancel) =>
        DecideAsync(
            line,
            state.Name,
            s => Decider.Decide(s, command, line.Speaker, authority.Policy),
            cancel,
            nudged: d => [d.State.LastRevision]
        );

    private async Task<Refusal?> DecideAsync(ChatLine line, GatewayState state, ChangeDecision decision, CancellationToken cancel)
    {
        using var span = state.Changes.TryGetValue(decision.Change.Number, out var change)
            ? Spans.Decision(state.Name, change, decision.Spec.Name)
            : null;
        return await DecideAsync(
            line,
            state.Name,
            s => Decider.Decide(s, decision, line.Speaker, authority.Policy, line.Speaker.Now(clock), ledger.Plans),
            cancel
        );
    }

    // The plan of a peer without a key has one that is made for the occasion: it says what would be, and nobody has its private half.
    private async Task<Refusal?> PlanAsync(
        ChatLine line,
        QueryContext asker,
        GatewayState state,
        ChangeCommand command,
        CancellationToken cancel
    )
    {
        var keyed = await keys.KeyedAsync(asker.States, state, command, true, cancel);
        return keyed.Refusal ?? Answer(line, asker, answers.Plan(state, keyed.Command, line.Speaker));
    }

    // What is in the log is nudged before anything is said of it: a fault in saying it must not leave it waiting.
    private async Task<Refusal?> DecideAsync(
        ChatLine line,
        Name<Gateway> gateway,
        Func<GatewayState, Decision> decide,
        CancellationToken cancel,
        Action<Outcome.Decided>? onDecided = null,
        Func<Outcome.Decided, IEnumerable<Revision>>? nudged = null
    )
    {
        var outcome = await ledger.DecideAsync(gateway, new Origin(line.Id, line.Speaker.Actor, line.Id), decide, cancel);
        if (outcome is not Outcome.Decided decided)
            return ((Outcome.Refused)outcome).Refusal;
        foreach (
            var revision in nudged?.Invoke(decided) ?? decided.Records.Select(r => r.Event).OfType<ChangeAccepted>().Select(a => a.Revision)
        )
            await queue.SendAsync(new Nudge(gateway, revision), cancel);
        onDecided?.Invoke(decided);
        await announcer.ReachedAsync(decided.Records[^1].Position, cancel);
        if (decided.Records.Select(r => r.Event).OfType<ChangeReplanned>().FirstOrDefault() is { } replanned)
            return new Refusal(
                $"the plan of #{replanned.Number} has changed since it was shown; look at it again.",
                $"approve {replanned.Number}"
            );
        line.Decided?.Invoke(decided);
        line.Reply?.Invoke(new(AnswerKey(line), null, TakenWords(decided), null, [], Tone.Plain));
        return null;
    }
}
