using System.Collections.Immutable;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Storage;
using ChatOps.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatOps.Specs.Statistics;

/// <summary>When a port was last used is known beyond a restart, and so is since when that can be said.</summary>
public sealed class LastTrafficSpecs : IDisposable
{
    private static readonly Name<Gateway> Gw1 = Text.Parse<Name<Gateway>>("gw1");
    private static readonly DateTimeOffset Noon = new(2026, 11, 12, 12, 0, 0, TimeSpan.Zero);
    private static readonly PublicPort P80 = new(Protocol.Tcp, new(80));
    private static readonly PublicPort P81 = new(Protocol.Tcp, new(81));

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_port_is_seen_when_its_counter_grows_and_not_before()
    {
        using var board = new HealthBoard();
        Assert.Null(board.TrafficOf(Gw1));
        board.Add(Gw1, Sample(Noon, (80, 5)));
        board.Add(Gw1, Sample(Noon.AddMinutes(1), (80, 6), (81, 0)));
        board.Add(Gw1, Sample(Noon.AddMinutes(2), (80, 6), (81, 0)));
        var known = board.TrafficOf(Gw1)!;
        Assert.Equal((Noon, Noon.AddMinutes(1), null), (known.Since, known.SeenAt(P80, null), known.SeenAt(P81, null)));

        // What another exposure of the same port has carried is not told of this one.
        Assert.Null(known.SeenAt(P80, Noon.AddMinutes(2)));
        Assert.Equal(Noon.AddMinutes(2), known.QuietSince(P80, Noon.AddMinutes(2)));
        Assert.Equal((Noon.AddMinutes(1), Noon), (known.QuietSince(P80, Noon.AddDays(-9)), known.QuietSince(P81, Noon.AddDays(-9))));
    }

    [Fact]
    public void It_is_known_after_a_restart()
    {
        using (var board = Open())
        {
            board.Add(Gw1, Sample(Noon, (80, 5)));
            board.Add(Gw1, Sample(Noon.AddSeconds(5), (80, 6)));
        }

        using var again = Open();
        again.Add(Gw1, Sample(Noon.AddHours(9), (80, 6), (81, 0)));
        var known = again.TrafficOf(Gw1)!;
        Assert.Equal((Noon, Noon.AddSeconds(5), null), (known.Since, known.SeenAt(P80, null), known.SeenAt(P81, null)));
    }

    [Fact]
    public void What_passes_while_nobody_looks_or_is_not_noted_any_more_is_noticed_afterwards()
    {
        var killed = Open();
        killed.Add(Gw1, Sample(Noon, (80, 5)));
        killed.Add(Gw1, Sample(Noon.AddSeconds(5), (80, 6)));
        using var again = Open();
        again.Add(Gw1, Sample(Noon.AddHours(9), (80, 6), (81, 3)));
        var known = again.TrafficOf(Gw1)!;
        Assert.Equal((Noon, Noon.AddHours(9), Noon.AddHours(9)), (known.Since, known.SeenAt(P80, null), known.SeenAt(P81, null)));
    }

    [Fact]
    public void Where_counters_began_anew_while_nobody_looked_for_long_counting_begins_anew()
    {
        var first = LastTraffic.With(null, Sample(Noon, (80, 5)));
        Assert.Equal(Noon, LastTraffic.With(first, Sample(Noon.AddMinutes(1), "other boot")).Since);
        Assert.Equal(Noon, LastTraffic.With(first, Sample(Noon.AddDays(1), (80, 5))).Since);
        Assert.Equal(Noon.AddDays(1), LastTraffic.With(first, Sample(Noon.AddDays(1), "other boot")).Since);
        Assert.Equal(Noon.AddDays(1), LastTraffic.With(first, Sample(Noon.AddDays(1), (80, 4))).Since);
    }

    [Fact]
    public void A_file_that_cannot_be_used_is_done_without()
    {
        File.WriteAllText(_folder.In("traffic.db"), "this is no database at all, and long enough to be looked at");
        using var board = Open();
        board.Add(Gw1, Sample(Noon, (80, 5)));
        Assert.Equal(Noon, board.TrafficOf(Gw1)!.Since);
    }

    private HealthBoard Open() => new(new TrafficNotes(_folder.In("traffic.db"), NullLogger<TrafficNotes>.Instance));

    private static StatsSample Sample(DateTimeOffset at, params (int Port, long Packets)[] ports) => Sample(at, "boot", ports);

    private static StatsSample Sample(DateTimeOffset at, string boot, params (int Port, long Packets)[] ports) =>
        new(
            at,
            new(
                boot,
                TimeSpan.FromHours(5),
                12,
                [
                    .. ports.Select(p => new PortStats(
                        Family.IPv4,
                        new(Protocol.Tcp, new(p.Port)),
                        new(p.Packets, p.Packets * 60),
                        default,
                        p.Packets,
                        0
                    )),
                ],
                ImmutableSortedDictionary<string, Volume>.Empty,
                [],
                [],
                37,
                65536
            )
        );
}
