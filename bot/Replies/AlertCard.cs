using ChatOps.Bot.Chat;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Bot.Replies;

/// <summary>The one message of an alert: posted when it is raised, edited when it is over.</summary>
public sealed class AlertCard(ReplyWriter writer)
{
    /// <summary>It wants attention. What there is to look at is folded, as file diffs are.</summary>
    public ChatMessage Raised(Name<Gateway> gateway, Alert alert) =>
        new(
            KeyOf(gateway, alert),
            null,
            writer.Write("alert-raised", new { alert.Text, Next = alert.Next.ToArray() }),
            alert.Detail,
            [],
            Tone.Bad
        );

    /// <summary>It is over.</summary>
    public ChatMessage Cleared(Name<Gateway> gateway, Alert alert, AlertCleared cleared, DateTimeOffset at) =>
        new(
            KeyOf(gateway, alert),
            null,
            writer.Write(
                "alert-cleared",
                new
                {
                    cleared.Text,
                    alert.Key,
                    Lasted = Times.Length(at - alert.Since),
                }
            ),
            null,
            [],
            Tone.Good
        );

    // Of the same key there may be many, one after another; each is a message of its own.
    private static string KeyOf(Name<Gateway> gateway, Alert alert) =>
        FormattableString.Invariant($"{gateway}!{alert.Key}@{alert.Since.ToUnixTimeMilliseconds()}");
}
