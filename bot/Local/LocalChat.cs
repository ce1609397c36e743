using System.Text.RegularExpressions;
using ChatOps.Bot.Chat;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Language.Commands;
using ChatOps.Core.Language.Words;

namespace ChatOps.Bot.Local;

/// <summary>Saying something in the local room: everybody there sees the line, and the bot handles it.</summary>
public sealed partial class LocalChat(Conversation.Conversation conversation, ChatRoom room)
{
    // A button says which plan was seen; people need not read it.
    [GeneratedRegex(" plan [0-9a-f]{64}$")]
    private static partial Regex PlanHash();

    /// <summary>Says a line, and says whether it was taken.</summary>
    /// <param name="whisper">Hands the speaker something that nobody else sees; null where that cannot be.</param>
    /// <param name="cancel">Gives up waiting for the answer.</param>
    /// <param name="hand">Hands the speaker a file and says where it went; null where files stay on this machine.</param>
    /// <param name="progress">Shows the speaker how far it is; null where nobody looks meanwhile.</param>
    public async Task<SayResult> SayAsync(
        Speaker speaker,
        string text,
        Action<PrivateFile>? whisper,
        CancellationToken cancel,
        Func<AnswerFile, CancellationToken, Task<string>>? hand = null,
        Action<ChatMessage>? progress = null
    )
    {
        var line = new ChatLine($"local:{Guid.CreateVersion7():N}", speaker, text, whisper, Hand: hand, Progress: progress);
        var shown = PlanHash().Replace(Tokens.Clean(text, Parser.MaxLine), "");
        if (shown.Length > 0)
            room.Post(new ChatMessage($"line:{line.Id}", speaker.Actor.Name, shown, null, [], Tone.Plain));
        return new(await conversation.HandleAsync(line, cancel), Conversation.Conversation.AnswerKey(line));
    }
}

/// <summary>What became of a line.</summary>
/// <param name="IsTaken">False when it was refused.</param>
/// <param name="Answer">The key of the message in the room that answers it, where one does.</param>
public readonly record struct SayResult(bool IsTaken, string Answer);
