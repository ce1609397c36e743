using System.Text.RegularExpressions;
using ChatOps.Bot.Conversation;
using ChatOps.Core.Commands;
using ChatOps.Core.Policy;

namespace ChatOps.Bot.Local;

/// <summary>Saying something in the local room: everybody there sees the line, and the bot handles it.</summary>
public sealed partial class LocalChat(Conversation.Conversation conversation, ChatRoom room)
{
    // A button says which plan was seen; people need not read it.
    [GeneratedRegex(" plan [0-9a-f]{64}$")]
    private static partial Regex PlanHash();

    /// <summary>Says a line; false when it was refused.</summary>
    public async Task<bool> SayAsync(Speaker speaker, string text, CancellationToken cancel)
    {
        var line = new ChatLine($"local:{Guid.CreateVersion7():N}", speaker, text);
        var shown = PlanHash().Replace(Tokens.Clean(text, Parser.MaxLine), "");
        if (shown.Length > 0)
            room.Post(new ChatMessage($"line:{line.Id}", speaker.Actor.Name, shown, null, [], Tone.Plain));
        return await conversation.HandleAsync(line, cancel);
    }
}
