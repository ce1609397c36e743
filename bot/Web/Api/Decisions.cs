using System.Collections.Immutable;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Local;
using ChatOps.Bot.Replies;
using ChatOps.Core.Changes;
using ChatOps.Core.Commands;
using ChatOps.Core.Policy;

namespace ChatOps.Bot.Web.Api;

/// <summary>What somebody may decide about a change: asked of what decides when a button is pressed, so that both say the same.</summary>
/// <param name="core">The policy in force.</param>
/// <param name="speaker">Who.</param>
internal sealed class Decisions(ConversationCore core, Speaker speaker)
{
    private readonly Speaker _speaker = core.Authority.AsOfNow(speaker);

    /// <summary>The buttons that work for them, and why the others do not.</summary>
    public (ImmutableArray<ChatButton> May, ImmutableArray<string> MayNot) Of(GatewayState state, Change change)
    {
        var may = ImmutableArray.CreateBuilder<ChatButton>();
        var mayNot = ImmutableArray.CreateBuilder<string>();
        foreach (var button in ChangeCard.ButtonsOf(state, change))
        {
            if (Refused(state, button) is { } refusal)
                mayNot.Add(refusal.Sentence);
            else
                may.Add(button);
        }

        return (may.ToImmutable(), mayNot.ToImmutable());
    }

    /// <summary>The changes that wait for their consent.</summary>
    public IEnumerable<Change> WaitingIn(GatewayState state) => state.Proposed.Where(c => Refused(state, ChangeCard.ButtonsOf(state, c)[0]) is null);

    private Refusal? Refused(GatewayState state, ChatButton button)
    {
        var line = button.AsksReason ? $"{button.Line} \"reason\"" : button.Line;
        var decision = (ChangeDecision)((ParseResult.Understood)Parser.Parse(line)).Command;
        return (Decider.Decide(state, decision, _speaker, core.Policy, _speaker.Now(core.Clock), core.Ledger.Plans) as Decision.Refused)?.Refusal;
    }
}
