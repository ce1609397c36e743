using System.Collections.Immutable;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Application.Statistics;

/// <summary>What a gateway had counted at one moment.</summary>
/// <param name="At">When it was asked.</param>
public sealed record StatsSample(DateTimeOffset At, GatewayStats Stats);

/// <summary>What passed, both ways, and what was opened.</summary>
/// <param name="Opened">Connections that were opened.</param>
/// <param name="Open">Connections that are there now.</param>
public readonly record struct Traffic(Volume In, Volume Out, long Opened, int Open)
{
    /// <summary>Bytes of both ways.</summary>
    public long Bytes => In.Bytes + Out.Bytes;

    /// <summary>The sum over several ports or families.</summary>
    public static Traffic Sum(IEnumerable<PortStats> ports) =>
        ports.Aggregate(default(Traffic), (sum, p) =>
            new(
                new(sum.In.Packets + p.In.Packets, sum.In.Bytes + p.In.Bytes),
                new(sum.Out.Packets + p.Out.Packets, sum.Out.Bytes + p.Out.Bytes),
                sum.Opened + p.Opened,
                sum.Open + p.Open
            )
        );
}

/// <summary>How much a figure grew between two samples.</summary>
/// <param name="Until">When the later one was taken.</param>
/// <param name="Span">The time between them.</param>
public readonly record struct Growth(DateTimeOffset Until, TimeSpan Span, long Amount)
{
    /// <summary>The amount per second; 0 over a span of no time.</summary>
    public double Rate => Span > TimeSpan.Zero ? Amount / Span.TotalSeconds : 0;

    /// <summary>
    /// The growth of a sum over ports from each sample to the next. Where a counter has gone back it began anew in between, with the port,
    /// a reboot or a load of the whole firewall: what it shows since is then all that is known to have passed.
    /// </summary>
    /// <param name="samples">The samples, oldest first.</param>
    /// <param name="figure">What of a port.</param>
    public static ImmutableArray<Growth> Of(IReadOnlyList<StatsSample> samples, Func<PortStats, bool> isMeant, Func<PortStats, long> figure)
    {
        var growths = ImmutableArray.CreateBuilder<Growth>();
        for (var i = 1; i < samples.Count; i++)
        {
            var (before, after) = (samples[i - 1], samples[i]);
            growths.Add(new(after.At, after.At - before.At, AmountsOf(before, after, isMeant, figure).Sum(a => a.Amount)));
        }

        return growths.ToImmutable();
    }

    /// <summary>The growth of each port from one sample to the next.</summary>
    public static IReadOnlyDictionary<PublicPort, Growth> ByPort(StatsSample before, StatsSample after, Func<PortStats, long> figure) =>
        AmountsOf(before, after, _ => true, figure)
            .GroupBy(a => a.Port)
            .ToDictionary(g => g.Key, g => new Growth(after.At, after.At - before.At, g.Sum(a => a.Amount)));

    /// <summary>True when counters were seen to begin anew between two samples: by a boot, or because one has gone back.</summary>
    public static bool BeganAnew(StatsSample before, StatsSample after)
    {
        var counted = before.Stats.Ports.ToDictionary(p => (p.Port, p.Clients), p => p.In.Packets + p.Out.Packets);
        return after.Stats.BootId != before.Stats.BootId
            || after.Stats.Ports.Any(p => p.In.Packets + p.Out.Packets < counted.GetValueOrDefault((p.Port, p.Clients)));
    }

    private static IEnumerable<(PublicPort Port, long Amount)> AmountsOf(
        StatsSample before,
        StatsSample after,
        Func<PortStats, bool> isMeant,
        Func<PortStats, long> figure
    )
    {
        var began =
            after.Stats.BootId == before.Stats.BootId
                ? before.Stats.Ports.Where(isMeant).ToDictionary(p => (p.Port, p.Clients), figure)
                : [];
        return after.Stats.Ports.Where(isMeant).Select(p => (p.Port, Since(began.GetValueOrDefault((p.Port, p.Clients)), figure(p))));
    }

    private static long Since(long before, long after) => after >= before ? after - before : after;
}
