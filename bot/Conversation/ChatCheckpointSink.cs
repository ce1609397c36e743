using ChatOps.Bot.Chat;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;

namespace ChatOps.Bot.Conversation;

/// <summary>
/// Says checkpoints in the chat: every reader's copy, and the chat service's, is one that the keeper of the log cannot take back. They are
/// not read from there again; a checkpoint copied out of the chat is given to chatops-verify.
/// </summary>
internal sealed class ChatCheckpointSink(IChatRoom room, ReplyWriter writer) : ICheckpointSink
{
    /// <inheritdoc/>
    public string Place => "the chat";

    /// <inheritdoc/>
    public Task PutAsync(LogNote note, CancellationToken cancel)
    {
        room.Post(new($"log:{note.Name}", null, writer.Write("checkpoint", new { note.Size, note.Text }), null, [], Tone.Plain));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<string> ReadAsync(CancellationToken cancel) => AsyncEnumerable.Empty<string>();
}
