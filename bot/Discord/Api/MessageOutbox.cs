namespace ChatOps.Bot.Discord.Api;

/// <summary>
/// The edits of one message, in order. While one is on its way, only the newest of those that wait is kept: a message that changes faster than
/// Discord takes edits shows its latest state, and no older one after it.
/// </summary>
/// <param name="send">
/// Sends a state of the message: posts it the first time, edits it later, posts it again when it is gone. Never runs twice at the same time.
/// </param>
public sealed class MessageOutbox(Func<MessagePayload, Task> send)
{
    private readonly Lock _lock = new();
    private MessagePayload? _next;
    private TaskCompletionSource _sent = NewSignal();
    private bool _isSending;

    /// <summary>Makes the message this one.</summary>
    /// <returns>Completes when this state was sent, or a newer one in its place; fails when sending failed.</returns>
    public Task PutAsync(MessagePayload message)
    {
        lock (_lock)
        {
            _next = message;
            var sent = _sent.Task;
            if (!_isSending)
            {
                _isSending = true;
                _ = SendAllAsync();
            }

            return sent;
        }
    }

    private async Task SendAllAsync()
    {
        // Whoever puts a message does not wait for the network.
        await Task.Yield();
        while (Take(out var message, out var sent))
        {
            try
            {
                await send(message);
                sent.SetResult();
            }
            catch (OperationCanceledException e)
            {
                sent.SetCanceled(e.CancellationToken);
            }
#pragma warning disable CA1031 // Whoever put the message gets the exception.
            catch (Exception e)
#pragma warning restore CA1031
            {
                sent.SetException(e);
            }
        }
    }

    private bool Take(out MessagePayload message, out TaskCompletionSource sent)
    {
        lock (_lock)
        {
            (message, sent) = (_next!, _sent);
            _isSending = _next is not null;
            if (_isSending)
                (_next, _sent) = (null, NewSignal());
            return _isSending;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
