using System.Buffers.Text;
using System.Text.RegularExpressions;
using ChatOps.Bot.Chat;

namespace ChatOps.Bot.Discord.Cards;

/// <summary>
/// A button's line as what Discord keeps on the button, at most 100 characters. The hash of a plan is 64 of them, so it is written in
/// base64. What comes back is only ever a line that somebody says: who changes it in his client has said another line, and policy looks at
/// that.
/// </summary>
internal static partial class ButtonId
{
    private const int Longest = 100;
    private const string Says = "say ";
    private const string Asks = "ask ";
    private const string Approves = "yes ";

    /// <summary>The id; null for a line that is too long to be on a button.</summary>
    public static string? Of(ChatButton button)
    {
        var approval = Approval().Match(button.Line);
        var id = approval.Success
            ? $"{Approves}{approval.Groups["change"].Value} {Base64Url.EncodeToString(Convert.FromHexString(approval.Groups["hash"].ValueSpan))}"
            : $"{(button.AsksReason ? Asks : Says)}{button.Line}";
        return id.Length <= Longest ? id : null;
    }

    /// <summary>The button, without its label; null for an id that is not of ours.</summary>
    public static ChatButton? Read(string id) =>
        id.StartsWith(Says, StringComparison.Ordinal) ? new("", id[Says.Length..])
        : id.StartsWith(Asks, StringComparison.Ordinal) ? new("", id[Asks.Length..], AsksReason: true)
        : id.StartsWith(Approves, StringComparison.Ordinal) ? ReadApproval(id[Approves.Length..])
        : null;

    private static ChatButton? ReadApproval(string text)
    {
        var space = text.LastIndexOf(' ');
        if (space < 0 || !Base64Url.IsValid(text.AsSpan(space + 1)))
            return null;
        var hash = Convert.ToHexStringLower(Base64Url.DecodeFromChars(text.AsSpan(space + 1)));
        return new("", $"approve {text[..space]} plan {hash}");
    }

    [GeneratedRegex("^approve (?<change>[^ ]+) plan (?<hash>[0-9a-f]{64})$")]
    private static partial Regex Approval();
}
