using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using ChatOps.Core.Application.Ports;
using ChatOps.Storage;

namespace ChatOps.Azure.StorageQueue;

/// <summary>
/// A message that was taken from the queue. It is kept invisible to others until it is settled; every renewal gives it a new receipt.
/// </summary>
internal sealed class HeldMessage : TakenNudge, IAsyncDisposable
{
    private readonly QueueClient _queue;
    private readonly QueueClient _poison;
    private readonly QueueMessage _message;
    private readonly StorageQueueOptions _options;
    private readonly Renewal _renewal;
    private string _receipt;

    public HeldMessage(
        QueueClient queue,
        QueueClient poison,
        QueueMessage message,
        long taken,
        StorageQueueOptions options,
        TimeProvider time
    )
    {
        (_queue, _poison, _message, _options, _receipt) = (queue, poison, message, options, message.PopReceipt);
        Nudge = NudgeText.Read(message.MessageText);
        _renewal = new Renewal(RenewAsync, options.Held, taken, time);
    }

    public override Nudge? Nudge { get; }

    public override string Text => _message.MessageText;

    public override int Delivery => (int)_message.DequeueCount;

    public override CancellationToken Lost => _renewal.Lost;

    public override Task CompleteAsync() => SettleAsync(() => _queue.DeleteMessageAsync(_message.MessageId, _receipt));

    public override Task AbandonAsync() =>
        SettleAsync(() => _queue.UpdateMessageAsync(_message.MessageId, _receipt, visibilityTimeout: TimeSpan.Zero));

    // In this order: in between it is in both queues, which is better than in none. A storage queue's message has no place for a reason.
    public override Task PutAsideAsync(string reason) =>
        SettleAsync(async () =>
        {
            await _poison.CreateIfNotExistsAsync();
            await _poison.SendMessageAsync(_message.Body);
            await _queue.DeleteMessageAsync(_message.MessageId, _receipt);
        });

    /// <summary>Stops keeping it; it comes again when its time is over.</summary>
    public ValueTask DisposeAsync() => _renewal.DisposeAsync();

    private async Task SettleAsync(Func<Task> settle)
    {
        try
        {
            await DisposeAsync();
            if (!_renewal.Lost.IsCancellationRequested)
                await settle();
        }
        catch (RequestFailedException e) when (IsElsewhere(e))
        {
            // Somebody else has it by now, and looks into the log like everybody.
        }
    }

    private async Task<bool> RenewAsync()
    {
        try
        {
            UpdateReceipt renewed = await _queue.UpdateMessageAsync(_message.MessageId, _receipt, visibilityTimeout: _options.Held);
            _receipt = renewed.PopReceipt;
            return true;
        }
        catch (RequestFailedException e) when (IsElsewhere(e))
        {
            return false;
        }
    }

    private static bool IsElsewhere(RequestFailedException e) =>
        e.ErrorCode is { } code
        && (code == QueueErrorCode.MessageNotFound || code == QueueErrorCode.PopReceiptMismatch || code == QueueErrorCode.QueueNotFound);
}
