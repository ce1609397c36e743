using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using ChatOps.Core.Ports;

namespace ChatOps.Storage.StorageQueue;

/// <summary>
/// A message that was taken from the queue. It is kept invisible to others until it is settled; every renewal gives it a new receipt.
/// </summary>
internal sealed class HeldMessage : IAsyncDisposable
{
    private readonly QueueClient _queue;
    private readonly QueueClient _poison;
    private readonly QueueMessage _message;
    private readonly StorageQueueOptions _options;
    private readonly Renewal _renewal;
    private string _receipt;

    public HeldMessage(QueueClient queue, QueueClient poison, QueueMessage message, long taken, StorageQueueOptions options, TimeProvider time)
    {
        (_queue, _poison, _message, _options, _receipt) = (queue, poison, message, options, message.PopReceipt);
        _renewal = new Renewal(RenewAsync, options.Held, taken, time);
    }

    /// <summary>Its nudge; null when it was put aside, because it is none or came too often.</summary>
    public async Task<TakenNudge?> ReadAsync(Action<string> complain)
    {
        var nudge = NudgeText.Read(_message.MessageText);
        if (nudge is not null && _message.DequeueCount <= _options.MaxDeliveries)
            return new Taken(this, nudge);
        try
        {
            await PutAsideAsync();
            complain($"a message of the queue {_queue.Name} is in {_poison.Name} now: {(nudge is null ? "it is no nudge" : $"it was taken {_options.MaxDeliveries} times and never finished")}");
        }
        catch (Exception e) when (Outage.Is(e, CancellationToken.None))
        {
            complain($"a message of the queue {_queue.Name} cannot be put aside: {Outage.Words(e)}. It comes again");
        }

        return null;
    }

    /// <summary>Stops keeping it; it comes again when its time is over.</summary>
    public ValueTask DisposeAsync() => _renewal.DisposeAsync();

    private Task CompleteAsync() => SettleAsync(() => _queue.DeleteMessageAsync(_message.MessageId, _receipt));

    private Task AbandonAsync() => SettleAsync(() => _queue.UpdateMessageAsync(_message.MessageId, _receipt, visibilityTimeout: TimeSpan.Zero));

    // In this order: in between it is in both queues, which is better than in none.
    private Task PutAsideAsync() =>
        SettleAsync(async () =>
        {
            await _poison.CreateIfNotExistsAsync();
            await _poison.SendMessageAsync(_message.Body);
            await _queue.DeleteMessageAsync(_message.MessageId, _receipt);
        });

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
        e.ErrorCode is { } code && (code == QueueErrorCode.MessageNotFound || code == QueueErrorCode.PopReceiptMismatch || code == QueueErrorCode.QueueNotFound);

    private sealed class Taken(HeldMessage held, Nudge nudge) : TakenNudge
    {
        public override Nudge Nudge => nudge;

        public override int Delivery => (int)held._message.DequeueCount;

        public override CancellationToken Lost => held._renewal.Lost;

        public override Task CompleteAsync() => held.CompleteAsync();

        public override Task AbandonAsync() => held.AbandonAsync();

        // A storage queue's message has no place for a reason.
        public override Task PutAsideAsync(string reason) => held.PutAsideAsync();
    }
}
