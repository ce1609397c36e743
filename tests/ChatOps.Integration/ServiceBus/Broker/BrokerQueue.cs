using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace ChatOps.Integration.ServiceBus.Broker;

/// <summary>
/// A queue with sessions and dead letters, with the rules of Service Bus: a session has one receiver, who holds it by a lock that runs out;
/// a delivery fails when it is abandoned or the lock runs out, not when the receiver leaves; at the highest number of failures the message
/// is dead.
/// </summary>
internal sealed class BrokerQueue(TimeSpan lockDuration, int maxDeliveries)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Lane> _sessions = new(StringComparer.Ordinal);
    private readonly Lane _dead = new(null);
    private readonly List<Waiter> _waiting = [];
    private long _sequence;

    /// <summary>Messages that are neither settled nor dead.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _sessions.Values.Sum(s => s.Messages.Count);
        }
    }

    /// <summary>How many sessions have a receiver now.</summary>
    public int Held
    {
        get
        {
            lock (_lock)
                return _sessions.Values.Count(s => s.Holder is not null);
        }
    }

    /// <summary>How often a lock was renewed.</summary>
    public int Renewals { get; private set; }

    /// <summary>No lock is renewed from now on, as when the service cannot be asked.</summary>
    public bool RefusesRenewals { get; set; }

    public void Enqueue(string session, byte[] content)
    {
        lock (_lock)
        {
            if (!_sessions.TryGetValue(session, out var lane))
                _sessions[session] = lane = new Lane(session);
            lane.Messages.AddLast(new BrokerMessage(++_sequence, content, DateTime.UtcNow));
            lane.Holder?.Pump();
            GiveOut();
        }
    }

    /// <summary>A receiver comes: for a session by its name, for the next that has messages (null), or for the dead letters.</summary>
    public void Attach(AttachContext attach, bool dead, string? session, TimeSpan patience)
    {
        lock (_lock)
        {
            if (dead)
                Take(attach, _dead);
            else if (session is null)
                _waiting.Add(new(attach, DateTime.UtcNow + patience));
            else if (_sessions.TryGetValue(session, out var lane) && lane.Holder is not null)
                attach.Complete(
                    new Error(new Symbol("com.microsoft:session-cannot-be-locked")) { Description = $"session {session} has a receiver" }
                );
            else
                Take(attach, lane ?? (_sessions[session] = new Lane(session)));
            GiveOut();
        }
    }

    /// <summary>Lets the locks run out that are over, and those who have waited long enough go.</summary>
    public void Tick()
    {
        lock (_lock)
        {
            var now = DateTime.UtcNow;
            foreach (var lane in _sessions.Values.Where(s => s.Holder is not null && s.LockedUntil <= now).ToList())
            {
                var holder = lane.Holder!;
                Release(holder, failed: true);
                holder.Expel();
            }

            foreach (var late in _waiting.Where(w => w.Until <= now).ToList())
            {
                _waiting.Remove(late);
                late.Attach.Complete(new Error(new Symbol("com.microsoft:timeout")) { Description = "no session has messages" });
            }

            GiveOut();
        }
    }

    /// <summary>The new end of a session's lock; null when nobody holds it any more.</summary>
    public DateTime? Renew(string session)
    {
        lock (_lock)
        {
            if (RefusesRenewals || !_sessions.TryGetValue(session, out var lane) || lane.Holder is null)
                return null;
            Renewals++;
            return lane.LockedUntil = DateTime.UtcNow + lockDuration;
        }
    }

    /// <summary>A receiver has done with a message; false when it does not hold it any more.</summary>
    public bool Settle(ReceiverLink by, byte[] tag, DeliveryState state)
    {
        lock (_lock)
        {
            var lane = by.Lane;
            if (lane.Holder != by || lane.Messages.FirstOrDefault(m => m.Tag is { } t && t.AsSpan().SequenceEqual(tag)) is not { } message)
                return false;
            message.Tag = null;
            if (state is Accepted)
                lane.Messages.Remove(message);
            else if (state is Rejected { Error: var error })
                Bury(
                    lane,
                    message,
                    $"{error?.Info?[new Symbol("DeadLetterReason")]}",
                    $"{error?.Info?[new Symbol("DeadLetterErrorDescription")]}"
                );
            else
                Fail(lane, message);
            by.Pump();
            return true;
        }
    }

    /// <summary>A receiver leaves, or has lost its lock: what it had not settled waits again.</summary>
    public void Release(ReceiverLink holder, bool failed)
    {
        lock (_lock)
        {
            if (holder.Lane.Holder != holder)
                return;
            holder.Lane.Holder = null;
            foreach (var message in holder.Lane.Messages.Where(m => m.Tag is not null).ToList())
            {
                message.Tag = null;
                if (failed)
                    Fail(holder.Lane, message);
            }

            GiveOut();
        }
    }

    public void Locked(Action act)
    {
        lock (_lock)
            act();
    }

    private void Fail(Lane lane, BrokerMessage message)
    {
        if (++message.Failures >= maxDeliveries)
            Bury(lane, message, "MaxDeliveryCountExceeded", $"Message could not be consumed after {maxDeliveries} delivery attempts.");
    }

    private void Bury(Lane lane, BrokerMessage message, string reason, string description)
    {
        lane.Messages.Remove(message);
        message.DeathBy = (reason, description);
        _dead.Messages.AddLast(message);
        _dead.Holder?.Pump();
    }

    private void GiveOut()
    {
        while (
            _waiting.FirstOrDefault(w => !w.Attach.Link.IsClosed) is { } waiter
            && _sessions.Values.FirstOrDefault(s => s.IsFree) is { } lane
        )
        {
            _waiting.Remove(waiter);
            Take(waiter.Attach, lane);
        }

        _waiting.RemoveAll(w => w.Attach.Link.IsClosed);
    }

    private void Take(AttachContext attach, Lane lane)
    {
        lane.LockedUntil = lane.Session is null ? DateTime.UtcNow.AddMinutes(5) : DateTime.UtcNow + lockDuration;
        lane.Holder = new ReceiverLink(this, lane, attach.Link);
        if (lane.Session is not null)
        {
            ((Source)attach.Attach.Source).FilterSet[ReceiverLink.SessionFilter] = lane.Session;
            attach.Attach.Properties = new Fields { [new Symbol("com.microsoft:locked-until-utc")] = lane.LockedUntil.Ticks };
        }

        attach.Complete(lane.Holder, 0);
    }

    private sealed record Waiter(AttachContext Attach, DateTime Until);
}
