using System.Collections.Immutable;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Conversation;
using ChatOps.Bot.Local;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Authority;

namespace ChatOps.Bot.Terminal;

/// <summary>
/// What the messages for everybody offer to type next, where several people speak at one terminal: each line works as it stands there. One
/// that is not for who speaks has the name of somebody in front who may say it, and one that nobody there may say is left out.
/// </summary>
/// <param name="people">Who may speak here.</param>
/// <param name="speaking">Whose lines without a name are.</param>
internal sealed class TerminalOffers(ConversationCore core, ImmutableArray<Speaker> people, Speaker speaking)
{
    private volatile Speaker _speaking = speaking;

    /// <summary>Whose lines without a name are now.</summary>
    public Speaker Speaking
    {
        get => _speaking;
        set => _speaking = value;
    }

    /// <summary>A message with what it offers at this terminal; as it is while the log does not answer.</summary>
    public async Task<ChatMessage> OfAsync(ChatMessage message, CancellationToken cancel)
    {
        if (!message.IsForAll || NextLines.In(message.Text).IsEmpty)
            return message;
        try
        {
            var states = await core.Ledger.LoadAllAsync(cancel);
            return message with { Text = NextLines.Written(message.Text, Offered) };

            string? Offered(string line)
            {
                var may = people.OrderBy(Might).Prepend(Speaking).FirstOrDefault(p => core.DecisionsOf(p).MaySay(states, line));
                return may is null ? null
                    : may == Speaking ? line
                    : $"{may.Actor.Id}: {line}";
            }
        }
        catch (LogUnavailableException)
        {
            return message;
        }
    }

    /// <summary>Who can do least.</summary>
    public static Speaker LeastOf(ImmutableArray<Speaker> people) => people.MinBy(Might)!;

    private static int Might(Speaker speaker) => new[] { Role.Viewer, Role.Operator, Role.Approver, Role.Admin }.Count(speaker.Has);
}
