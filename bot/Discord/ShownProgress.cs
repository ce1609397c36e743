using ChatOps.Bot.Chat;
using ChatOps.Bot.Discord.Cards;
using ChatOps.Discord;

namespace ChatOps.Bot.Discord;

/// <summary>
/// How far an answer is, shown in its place while it is being made: only once there is such a place, and one edit at a time.
/// </summary>
internal sealed class ShownProgress(Func<MessagePayload, Task> edit)
{
    private readonly Lock _lock = new();
    private Task _editing = Task.CompletedTask;
    private bool _isShown;

    /// <summary>The person sees that the bot is thinking: from now on it is shown about what.</summary>
    public void Begin()
    {
        lock (_lock)
            _isShown = true;
    }

    /// <summary>Shows it, unless an edit is still on its way: the next one says more.</summary>
    public void Show(ChatMessage progress)
    {
        lock (_lock)
        {
            if (_isShown && _editing.IsCompleted)
                _editing = edit(MessageFormatter.Answer(progress, isEphemeral: true));
        }
    }

    /// <summary>Shows no more, and completes when the answer can take its place.</summary>
    public async Task EndAsync()
    {
        lock (_lock)
            _isShown = false;

        // The answer itself says what is wrong.
        await _editing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
