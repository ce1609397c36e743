namespace ChatOps.Operations.Reconciling;

/// <summary>How often Reconcile looks, and what it finds worth an alert.</summary>
public sealed record ReconcileOptions
{
    /// <summary>The usual figures.</summary>
    public static ReconcileOptions Default { get; } = new();

    /// <summary>The pause between two looks.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>After how long a proposal that nobody decided ends.</summary>
    public TimeSpan ProposalLifetime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long before the end of an exposure people are reminded, at most; a tenth of its time when that is shorter.</summary>
    public TimeSpan ReminderAtMost { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How full the table of connections may be, in percent; the alert is over below the second figure.</summary>
    public (int Raise, int Clear) ConntrackPercent { get; init; } = (80, 70);

    /// <summary>How far a gateway's clock may be off; the alert is over at half of it.</summary>
    public TimeSpan ClockOff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A WireGuard peer that something is sent to shakes hands at least this often.</summary>
    public TimeSpan PeerSilence { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>A rate is unusual from this many times its own average on; the alert is over below half of that.</summary>
    public int UnusualTimes { get; init; } = 5;

    /// <summary>Rates below this many a second are never unusual.</summary>
    public int UnusualFrom { get; init; } = 20;

    /// <summary>How many looks make an average that a rate can be compared with.</summary>
    public int LooksUntilUsual { get; init; } = 8;

    /// <summary>
    /// Repairs that policy asks for by itself are this far apart, so that two controllers, or a person, are not fought with.
    /// </summary>
    public TimeSpan RepairPause { get; init; } = TimeSpan.FromMinutes(10);
}
