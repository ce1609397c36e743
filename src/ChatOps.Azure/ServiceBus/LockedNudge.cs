using Azure.Messaging.ServiceBus;
using ChatOps.Core.Application.Ports;
using ChatOps.Storage;

namespace ChatOps.Azure.ServiceBus;

/// <summary>A message that is locked for us, with its session, until it is settled or the lock is lost.</summary>
internal sealed class LockedNudge : TakenNudge
{
    private readonly ProcessSessionMessageEventArgs _args;
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LockedNudge(ProcessSessionMessageEventArgs args, CancellationToken lost)
    {
        (_args, Text, Lost) = (args, args.Message.Body.ToString(), lost);
        Nudge = NudgeText.Read(Text);
        lost.Register(() => _settled.TrySetResult());
    }

    public override Nudge? Nudge { get; }

    public override string Text { get; }

    public override int Delivery => _args.Message.DeliveryCount;

    public override CancellationToken Lost { get; }

    /// <summary>Done when nothing more is to come from the taker.</summary>
    public Task Settled => _settled.Task;

    public override Task CompleteAsync() => SettleAsync(() => _args.CompleteMessageAsync(_args.Message, CancellationToken.None));

    public override Task AbandonAsync() => SettleAsync(() => _args.AbandonMessageAsync(_args.Message, null, CancellationToken.None));

    public override Task PutAsideAsync(string reason) =>
        SettleAsync(() => _args.DeadLetterMessageAsync(_args.Message, "put aside", reason, CancellationToken.None));

    private async Task SettleAsync(Func<Task> settle)
    {
        try
        {
            if (!Lost.IsCancellationRequested)
                await settle();
        }
        catch (ServiceBusException e) when (e.Reason is ServiceBusFailureReason.SessionLockLost or ServiceBusFailureReason.MessageLockLost)
        {
            // Somebody else has it by now, and looks into the log like everybody.
        }
        finally
        {
            _settled.TrySetResult();
        }
    }
}
