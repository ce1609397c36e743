using System.Collections.Immutable;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Specs.Statistics;

/// <summary>What counters come to in words: growth, plots, and answers that fit a phone.</summary>
public sealed class StatsSpecs
{
    private static readonly PublicPort Http = Text.Parse<PublicPort>("80");

    [Fact]
    public void Growth_is_the_difference_between_readings() =>
        Assert.Equal([5, 0, 20], GrowthOf(("a", 10), ("a", 15), ("a", 15), ("a", 35)));

    [Fact]
    public void A_counter_that_went_back_began_anew() => Assert.Equal([7, 3], GrowthOf(("a", 100), ("a", 7), ("a", 10)));

    [Fact]
    public void So_did_one_after_a_reboot_however_far_it_has_come() => Assert.Equal([120], GrowthOf(("a", 100), ("b", 120)));

    [Fact]
    public void A_port_that_is_new_has_all_of_its_traffic_since_the_last_reading()
    {
        StatsSample[] samples = [At(0, Stats("a")), At(5, Stats("a", Counted(Http, Family.IPv4, 9)))];
        var growth = Assert.Single(Growth.Of(samples, _ => true, p => p.Opened));
        Assert.Equal(9, growth.Amount);
        Assert.Equal(9 / 5.0, growth.Rate);
    }

    [Theory]
    [InlineData("", 20, "")]
    [InlineData("0 0 0", 20, "▁▁▁")]
    [InlineData("0 1 50 100", 20, "▁▂▅█")]
    [InlineData("0 0 9 0 0 0", 3, "▁█▁")]
    public void A_plot_shows_the_highest_of_what_shares_a_character(string values, int width, string plot) =>
        Assert.Equal(plot, Sparkline.Of([.. values.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(double.Parse)], width));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.00 KiB")]
    [InlineData(36_175_872, "34.5 MiB")]
    [InlineData(1_099_511_627_776, "1.00 TiB")]
    public void Sizes_have_three_figures_and_a_unit(long bytes, string text) => Assert.Equal(text, Sizes.Of(bytes));

    [Fact]
    public void Answers_fit_a_phone()
    {
        var state = Given
            .AGateway()
            .And(
                new PeerAdded(
                    0,
                    Text.Parse<Name<Peer>>("vm1"),
                    Text.Parse<WireGuardKey>("5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s="),
                    Text.Parse<Address>("10.1.0.2")
                )
            )
            .Applied("expose vm2:8080 on 80")
            .Applied("expose vm2:7000,vm3:7000 on 65535")
            .Applied("expose vm1:5353 on 53 udp")
            .State;
        var samples = Enumerable.Range(0, 25).Select(i => At(i * 5, Busy(i))).ToImmutableArray();
        var words = new StatsWords(state, samples, Given.Start.AddSeconds(123));
        string[] lines =
        [
            words.Head,
            words.Columns,
            .. words.Overview(null),
            "",
            .. words.Overview(Given.Vm("vm1")),
            "",
            .. words.Detail(state.Running.Exposures[Http]),
            "",
            .. words.Detail(state.Running.Exposures[Text.Parse<PublicPort>("65535")]),
        ];
        Assert.All(lines, l => Assert.True(l.Length <= 80, l));
        Snapshot.Match("stats.txt", string.Join('\n', lines) + "\n");
    }

    [Fact]
    public void A_vm_that_was_renamed_has_the_figures_from_before()
    {
        var samples = Enumerable.Range(0, 5).Select(i => At(i * 5, Busy(i))).ToImmutableArray();
        var given = Given.AGateway().Applied("expose vm2:8080 on 80");
        var before = new StatsWords(given.State, samples, Given.Start).Overview(Given.Vm("vm2")).ToList();
        var after = new StatsWords(given.Applied("vm rename vm2 web").State, samples, Given.Start).Overview(Given.Vm("web"));
        Assert.Contains(before, l => l.Contains("80", StringComparison.Ordinal));
        Assert.Equal(before, after);
    }

    private static GatewayStats Busy(int i) =>
        Stats(
            "boot",
            Counted(Http, Family.IPv4, i * i),
            Counted(Http, Family.IPv6, i),
            Counted(Text.Parse<PublicPort>("65535"), Family.IPv4, 1_000_000_000L * i),
            Counted(Text.Parse<PublicPort>("53/udp"), Family.IPv6, i < 10 ? 50 : 0)
        ) with
        {
            Counters = ImmutableSortedDictionary<string, Volume>.Empty.Add("blocked", new(12, 720)),
            Peers =
            [
                new(
                    Text.Parse<WireGuardKey>("5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s="),
                    Given.Start.AddSeconds(60),
                    5000,
                    123_456_789
                ),
            ],
            Backends = [new("tcp-65535-ipv4", "vm1", true, 3, 40), new("tcp-65535-ipv4", "vm2", false, 0, 39)],
        };

    private static IEnumerable<long> GrowthOf(params (string Boot, long Opened)[] readings) =>
        Growth
            .Of([.. readings.Select((r, i) => At(i * 5, Stats(r.Boot, Counted(Http, Family.IPv4, r.Opened))))], _ => true, p => p.Opened)
            .Select(g => g.Amount);

    private static StatsSample At(int second, GatewayStats stats) => new(Given.Start.AddSeconds(second), stats);

    private static GatewayStats Stats(string boot, params ImmutableArray<PortStats> ports) =>
        new(boot, TimeSpan.FromHours(5), 12, ports, ImmutableSortedDictionary<string, Volume>.Empty, [], [], 37, 65536);

    private static PortStats Counted(PublicPort port, Family clients, long opened) =>
        new(clients, port, new(opened * 6, opened * 420), new(opened * 5, opened * 2210), opened, (int)(opened % 7));
}
