using System.Collections.Immutable;
using ChatOps.Bot.Chat;
using ChatOps.Discord;

namespace ChatOps.Bot.Discord;

/// <param name="Answer">What there is to tell; null for nothing.</param>
/// <param name="IsForAll">True for the answer to a question of somebody who may ask; what is said of a change is told to who said
/// it.</param>
/// <param name="IsAnswer">True for what no card shows: the answer to a question, or what came of something done with the log.</param>
/// <param name="Files">What only who said it may see.</param>
internal sealed record DiscordAnswer(ChatMessage? Answer, bool IsForAll, bool IsAnswer, ImmutableArray<GivenFile> Files)
{
    /// <summary>True when it was refused.</summary>
    public bool IsRefused => Answer?.Tone == Tone.Bad;
}

/// <param name="Again">The line to type when it does not arrive.</param>
internal sealed record GivenFile(MessagePayload Message, string Again);
