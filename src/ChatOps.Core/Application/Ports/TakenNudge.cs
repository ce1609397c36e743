namespace ChatOps.Core.Application.Ports;

/// <summary>
/// A message that was taken from a queue of nudges and is kept from other takers until it is settled, or until the taker is lost. Settle it
/// once.
/// </summary>
public abstract class TakenNudge
{
    /// <summary>The nudge; null when the message is none.</summary>
    public abstract Nudge? Nudge { get; }

    /// <summary>The message as it came. It may be from anybody.</summary>
    public abstract string Text { get; }

    /// <summary>The how manieth delivery of it this is, from 1.</summary>
    public abstract int Delivery { get; }

    /// <summary>Cancelled when the queue has given it to somebody else meanwhile: whoever works on it stops.</summary>
    public abstract CancellationToken Lost { get; }

    /// <summary>It was worked on; the queue forgets it.</summary>
    public abstract Task CompleteAsync();

    /// <summary>It comes again; after too many times it is put aside.</summary>
    public abstract Task AbandonAsync();

    /// <summary>It is put aside at once, with the reason for whoever looks at it; the reason is never a secret.</summary>
    public abstract Task PutAsideAsync(string reason);
}
