using System.Collections.Immutable;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Exports;
using ChatOps.Bot.Peers;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Application.Telemetry;
using ChatOps.Core.Decisions;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;
using ChatOps.Core.Language.Words;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Conversation;

/// <summary>
/// Takes lines, whoever said them and wherever, and sees to it that each gets its answer: a change becomes events (and the announcer shows
/// them), a question is answered, anything else gets a sentence that says what would work.
/// </summary>
public sealed partial class Conversation(
    Ledger ledger,
    INudgeQueue queue,
    Authority authority,
    Answers answers,
    Announcer announcer,
    PeerKeys keys,
    ExportDesk exports,
    QuestionLog questions,
    ReplyWriter writer,
    IChatRoom room,
    TimeProvider clock,
    ILogger<Conversation> log,
    LogLineHandler? logTalk = null
)
{
    /// <summary>Handles one line; false when it was refused.</summary>
    public async Task<bool> HandleAsync(ChatLine said, CancellationToken cancel)
    {
        var line = said with { Speaker = authority.AsOfNow(said.Speaker) };
        switch (Parser.Parse(line.Text))
        {
            case ParseResult.Ignored:
                return true;
            case ParseResult.NotUnderstood { Refusal: var refusal }:
                return Refuse(line, refusal);
            case ParseResult.Understood { Command: var command, Meant: var meant }:
                var told = meant is null ? line : Told(line, meant);
                using (Spans.Line(line.Id, command.Spec.Name))
                    return await AnsweredAsync(told, command, cancel) is not { } no || Refuse(told, no);
            default:
                throw new InvalidOperationException("no such parse result");
        }
    }

    private async Task<Refusal?> AnsweredAsync(ChatLine line, Command command, CancellationToken cancel)
    {
        try
        {
            return await HandleAsync(line, command, cancel) is { } no ? await ForSpeakerAsync(line, no, cancel) : null;
        }
        catch (LogUnavailableException e) when (e.MayBeSaved)
        {
            return new(
                "the log stopped answering before it said whether this is saved. If it is, it is shown here as soon as the log answers again.",
                "pending"
            );
        }
        catch (LogUnavailableException)
        {
            return new("the log does not answer. Nothing of this is saved.", line.Text);
        }
        catch (LogCorruptException e)
        {
            Inconsistent(command.Spec.Name, e.Message);
            return new("this cannot be answered: what the log says here does not agree with itself.", "audit verify");
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            // A fault of ours, or of this machine. It ends one line and not the program; whoever runs it reads what it was.
            NotAnswered(command.Spec.Name, e.Message, e);
            return new($"this could not be done: {e.Message}", "pending");
        }
    }

    private async Task<Refusal?> HandleAsync(ChatLine line, Command command, CancellationToken cancel)
    {
        if (WhyNot(line.Speaker, command) is { } denied)
            return denied;
        // Before the answer, so that nothing is answered that was not recorded.
        if (authority.Policy.RecordsQuestions && command is Query and not Help)
            await questions.RecordAsync(new Origin(line.Id, line.Speaker.Actor, line.Id), Tokens.Clean(line.Text, Parser.MaxLine), cancel);
        var states = await ledger.LoadAllAsync(cancel);
        var asker = new QueryContext(line.Speaker, states, Redaction.For(line.Speaker, authority.Policy, states.Values), clock);
        switch (command)
        {
            case AddGateway add:
                return Mirroring.Problem(states, add)
                    ?? await DecideAsync(
                        line,
                        add.Gateway,
                        s => Decider.Decide(s, Mirroring.Completed(states, add), line.Speaker, authority.Policy, line.Speaker.Now(clock)),
                        cancel
                    );
            case RemoveGateway remove when Mirroring.Problem(states, remove) is { } followed:
                return followed;
            case ChangeCommand change:
                if (Whereabouts.GatewayOf(states, change, line.Text, out var at) is { } unclear)
                    return unclear;
                return await ProposeAsync(line, states, StateOf(states, at), change, cancel) is { } notProposed
                    ? Whereabouts.On(states, at, notProposed)
                    : null;
            case ChangeDecision decision:
                if (Whereabouts.GatewayOf(states, decision.Change, line.Text, out var of) is { } unknown)
                    return unknown;
                return await DecideAsync(line, StateOf(states, of), decision, cancel) is { } undecided
                    ? Whereabouts.On(states, of, undecided)
                    : null;
            case ApproveWaiting { Changes: { IsEmpty: false } several } waiting:
                return await ApproveAsync(line, [.. several.Select(c => new Approve(waiting.Spec, c, null))], cancel);
            case ApproveWaiting waiting:
                return await ApproveWaitingAsync(line, states, waiting, cancel);
            case Retry retry:
                return Whereabouts.GatewayOf(states, retry.At, line.Text, out var stuck)
                    ?? await RetryAsync(line, StateOf(states, stuck), retry, cancel);
            case ShowPlan { Of: AddGateway add }:
                return Mirroring.Problem(states, add)
                    ?? Answer(line, asker, answers.Plan(StateOf(states, add.Gateway), Mirroring.Completed(states, add), line.Speaker));
            case ShowPlan { Of: var planned }:
                return Whereabouts.GatewayOf(states, planned, line.Text, out var on)
                    ?? await PlanAsync(line, asker, StateOf(states, on), planned, cancel);
            case ShowChange show:
                return Whereabouts.GatewayOf(states, show.Change, line.Text, out var shown)
                    ?? Answer(line, asker, await answers.ShowAsync(asker, shown, show.Change.Number, cancel));
            case DiffRevisions diff:
                return Whereabouts.GatewayOf(states, diff.At, line.Text, out var differing)
                    ?? Answer(line, asker, await answers.DiffAsync(differing, diff, cancel));
            case Export export:
                return await exports.WriteAsync(line, asker, export, cancel);
            case LogCommand when logTalk is null:
                return new("here nothing is kept beside the log that could prove or erase anything.", "help");
            case ProveChange prove:
                return Whereabouts.GatewayOf(states, prove.Change, line.Text, out var proved)
                    ?? await logTalk.ProveAsync(line, proved, prove.Change.Number, cancel);
            case LogCommand about:
                return await logTalk.HandleAsync(line, about, cancel);
            case Query query:
                return Answer(line, asker, await answers.OfAsync(asker, query, cancel));
            default:
                throw new InvalidOperationException($"no answer for {command.GetType().Name}");
        }
    }

    /// <summary>A refusal when the speaker may not give this command, whatever the log says; or null.</summary>
    public Refusal? WhyNot(Speaker speaker, Command command) =>
        KnowsMore(command, speaker) ? null : authority.Policy.Refuses(speaker, command);

    // What decides about a change knows more: a rule may name a role of the policy file's own that the command itself does not, and one's
    // own may be taken back.
    private static bool KnowsMore(Command command, Speaker speaker) =>
        (command is ChangeDecision or ApproveWaiting)
        && speaker.Has(Role.Viewer)
        && (command is Withdraw or ApproveWaiting || speaker.Roles.Any(r => !Role.BuiltIn.Contains(r)));

    // What was understood stands before the answer, and it is what counts from here on.
    private ChatLine Told(ChatLine line, string meant)
    {
        if (line.Reply is { } reply)
            return line with { Text = meant, Reply = m => reply(m with { Text = $"= {meant}\n{m.Text}" }) };
        room.Post(new($"meant:{line.Id}", null, $"= {meant}", null, [], Tone.Plain));
        return line with { Text = meant };
    }

    // Whatever is answered, it goes out here, without what the asker may not see.
    private Refusal? Answer(ChatLine line, QueryContext asker, Answer answer)
    {
        var hidden = asker.Hidden;
        if (answer.Refusal is null)
            (line.Reply ?? room.Post)(
                new(AnswerKey(line), null, hidden.Hide(answer.Text), answer.Diff is { } diff ? hidden.Hide(diff) : null, [], Tone.Plain)
            );
        return answer.Refusal;
    }

    private async Task<Refusal> ForSpeakerAsync(ChatLine line, Refusal refusal, CancellationToken cancel)
    {
        var states = await ledger.LoadAllAsync(cancel);
        var hidden = Redaction.For(line.Speaker, authority.Policy, states.Values);
        var decisions = new Decisions(authority.Policy, line.Speaker, line.Speaker.Now(clock), ledger.Plans);
        return new(hidden.Hide(refusal.Sentence), [.. refusal.Next.Where(IsForThem).Select(hidden.Hide)]);

        // Nobody is sent to decide what they may not.
        bool IsForThem(string next) =>
            Parser.Parse(Parser.WithAReason(next)) is not ParseResult.Understood { Command: ChangeDecision }
            || decisions.MaySay(states, next);
    }

    private bool Refuse(ChatLine line, Refusal refusal)
    {
        (line.Reply ?? room.Post)(new(AnswerKey(line), null, writer.Write("refused", refusal), null, [], Tone.Bad));
        return false;
    }

    // As of the last record: by now it may be further on its way, which the room shows.
    private string TakenWords(Outcome.Decided decided) =>
        writer.Write(
            "taken",
            new
            {
                decided.Change?.Number,
                Gateway = decided.State.Name.ToString(),
                Did = EventTypes.Of(decided.Said).AnswerOf(decided.Said),
            }
        );

    internal static string AnswerKey(ChatLine line) => $"answer:{line.Id}";

    private static GatewayState StateOf(ImmutableSortedDictionary<Name<Gateway>, GatewayState> states, Name<Gateway> name) =>
        states.TryGetValue(name, out var state) ? state : GatewayState.Initial(name);

    [LoggerMessage(1, LogLevel.Error, "answering \"{Command}\": {Problem}")]
    private partial void Inconsistent(string command, string problem);

    [LoggerMessage(2, LogLevel.Error, "answering \"{Command}\": {Problem}")]
    private partial void NotAnswered(string command, string problem, Exception why);
}
