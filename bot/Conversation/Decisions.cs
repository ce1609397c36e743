using System.Collections.Immutable;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Decisions;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Bot.Conversation;

/// <summary>What somebody may decide about a change: asked of what decides when a line is said, so that what is offered works.</summary>
/// <param name="plans">Remembers plans, for who looks often; null to make them anew.</param>
internal sealed class Decisions(ChangePolicy policy, Speaker speaker, DateTimeOffset now, Plans? plans = null)
{
    /// <summary>The buttons that work for them, and why the others do not.</summary>
    public (ImmutableArray<ChatButton> May, ImmutableArray<string> MayNot) Of(GatewayState state, Change change)
    {
        var may = ImmutableArray.CreateBuilder<ChatButton>();
        var mayNot = ImmutableArray.CreateBuilder<string>();
        foreach (var button in ChangeCard.ButtonsOf(state, change))
        {
            if (WhyNot(state, button) is { } refusal)
                mayNot.Add(refusal.Sentence);
            else
                may.Add(button);
        }

        return (may.ToImmutable(), mayNot.ToImmutable());
    }

    /// <summary>The changes that wait for their consent, oldest first.</summary>
    public IEnumerable<Change> WaitingIn(GatewayState state) =>
        state.Proposed.Where(c => WhyNot(state, ChangeCard.ButtonsOf(state, c)[0]) is null);

    /// <summary>Of lines about a change, those that they may say.</summary>
    public IEnumerable<string> Sayable(GatewayState state, params IEnumerable<string> lines) =>
        lines.Where(l => WhyNot(state, CommandOf(l)) is null);

    /// <summary>True when a line works for them as far as that can be known; a decision about a change, as the change is now.</summary>
    public bool MaySay(IReadOnlyDictionary<Name<Gateway>, GatewayState> states, string line)
    {
        var command = CommandOf(line);
        if (command is not ChangeDecision { Change.Gateway: var gateway })
            return policy.Refuses(speaker, command) is null;
        var state =
            gateway is { } name ? states.GetValueOrDefault(name)
            : states.Count == 1 ? states.Values.Single()
            : null;
        return state is null || WhyNot(state, command) is null;
    }

    /// <summary>Why a button does not work for them; null when it does.</summary>
    public Refusal? WhyNot(GatewayState state, ChatButton button) => WhyNot(state, CommandOf(LineOf(button)));

    /// <summary>The same for a button alone, whose line names the gateway; null too while the log does not answer.</summary>
    public async Task<Refusal?> WhyNotAsync(Ledger ledger, ChatButton button, CancellationToken cancel)
    {
        try
        {
            // What comes back from a client may be any line.
            return Parser.Parse(LineOf(button)) is ParseResult.Understood { Command: ChangeDecision { Change.Gateway: { } gateway } }
                ? WhyNot(await ledger.LoadAsync(gateway, cancel), button)
                : null;
        }
        catch (LogUnavailableException)
        {
            return null;
        }
    }

    private Refusal? WhyNot(GatewayState state, Command command) =>
        command is ChangeDecision decision
            ? (Decider.Decide(state, decision, speaker, policy, now, plans) as Decision.Refused)?.Refusal
            : policy.Refuses(speaker, command);

    private static string LineOf(ChatButton button) => button.AsksReason ? $"{button.Line} \"reason\"" : button.Line;

    private static Command CommandOf(string line) => ((ParseResult.Understood)Parser.Parse(Parser.WithAReason(line))).Command;
}
