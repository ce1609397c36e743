using ChatOps.Gateway.Running;

namespace ChatOps.Gateway.Datagrams;

/// <summary>A VM's port that datagrams of a public port go to, and how it does.</summary>
internal sealed class Target(Endpoint endpoint)
{
    public Endpoint Endpoint { get; } = endpoint;

    /// <summary>Sessions in a row that it has not answered, while others of its share did answer theirs.</summary>
    public int Missed { get; set; }

    public bool IsOut { get; set; }

    /// <summary>When one session tries it again, in milliseconds; while it is left out.</summary>
    public long NextTry { get; set; }

    /// <summary>How long it is left out the next time that it does not answer, in milliseconds.</summary>
    public int Pause { get; set; } = Share.FirstPause;
}

/// <summary>
/// The VMs among which a public port is shared. UDP has no way to ask whether somebody is there, so the clients' own datagrams tell: a VM
/// that refuses one is left out at once, and so is one that does not answer while the others answer; a protocol in which nobody answers, as
/// syslog, says nothing. One session at a time tries again whether a VM is back. When all are left out, all are taken.
/// </summary>
internal sealed class Share(IReadOnlyList<Target> targets, Action<string> say)
{
    /// <summary>How long a client's first datagram may be unanswered, in milliseconds, until that tells something of the VM.</summary>
    public const int Patience = 2_000;

    /// <summary>How long a VM is left out at first, in milliseconds.</summary>
    public const int FirstPause = 10_000;

    private const int LongestPause = 60_000;
    private const int RefusedPause = 5_000;
    private const int TryTime = 4_000;
    private const int Enough = 2;
    private const int Recently = 60_000;

    private int _next;
    private long _lastAnswer = long.MinValue / 2;

    public IReadOnlyList<Target> Targets { get; } = targets;

    public bool IsOne => Targets.Count == 1;

    public bool Answers(long now) => now - _lastAnswer < Recently;

    /// <summary>The one whose turn it is; another than the given one, if there is another.</summary>
    public Target Next(long now, Target? other = null)
    {
        var (any, first) = ((Target?)null, _next++);
        for (var i = 0; i < Targets.Count; i++)
        {
            var target = Targets[(int)((uint)(first + i) % (uint)Targets.Count)];
            if (target == other)
                continue;
            any ??= target;
            if (!target.IsOut)
                return target;
            if (target.NextTry > now)
                continue;
            target.NextTry = now + TryTime;
            return target;
        }

        return any ?? Targets[0];
    }

    public void Answered(Target target, long now)
    {
        _lastAnswer = now;
        target.Missed = 0;
        target.Pause = FirstPause;
        if (!target.IsOut)
            return;
        target.IsOut = false;
        say($"{target.Endpoint} answers again");
    }

    /// <summary>Nothing listens there, or there is no way to it.</summary>
    public void Refused(Target target, long now) => LeaveOut(target, now + RefusedPause, "refuses datagrams");

    public void Unanswered(Target target, long now)
    {
        if (!Answers(now) || (++target.Missed < Enough && !target.IsOut))
            return;
        LeaveOut(target, now + target.Pause, "does not answer, and others do");
        target.Pause = Math.Min(LongestPause, target.Pause * 2);
    }

    private void LeaveOut(Target target, long until, string why)
    {
        if (IsOne)
            return;
        target.NextTry = until;
        if (target.IsOut)
            return;
        target.IsOut = true;
        say($"{target.Endpoint} {why}: the other VMs have its clients");
    }
}
