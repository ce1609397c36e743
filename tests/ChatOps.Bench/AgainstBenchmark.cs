using System.Globalization;

namespace ChatOps.Bench;

/// <summary>What is open before changes are compared.</summary>
/// <param name="Vm">vm2 has no IPv4 address, so a proxy carries IPv4 clients; "both" has both, so that nftables carries all.</param>
/// <param name="Exposures">How many ports.</param>
/// <param name="Most">How many of these the older build gets to: more it cannot carry.</param>
internal sealed record AgainstScenario(string Vm, int Exposures, int Most)
{
    /// <summary>All that are compared. Builds up to 361effa carry an IPv6-only VM by nginx, which ends at some 8,500 ports.</summary>
    public static AgainstScenario[] All { get; } =
        [new("vm2", 10, 10), new("both", 10, 10), new("vm2", 1_000, 1_000), new("both", 1_000, 1_000), new("vm2", 10_000, 8_000), new("both", 10_000, 10_000)];

    public bool HasProxy => Vm == "vm2";

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"1 change among {Exposures:N0} exposures of {(HasProxy ? "an IPv6-only VM" : "nftables alone")}");
}

/// <summary>
/// One change as people make it, typed to confirmed, three ways in turn: this build, an earlier one, and the line that an expert would type. All three
/// have a gateway of their own on this machine, so that the ratios hold whatever else it does.
/// </summary>
internal sealed class AgainstBenchmark(AgainstScenario scenario, string lab, Against? against, string scratch, bool quick)
{
    private const int ARange = 1_000;

    public async Task RunAsync(Report report, CancellationToken cancel)
    {
        await using var ours = await OpenedAsync(await Build.StartAsync("this build", Directory.GetCurrentDirectory(), lab, scratch, cancel), scenario.Exposures, cancel);
        await using var theirs = against is null
            ? null
            : await OpenedAsync(await Build.StartAsync(against.Revision, against.Checkout, against.Lab, scratch, cancel), Math.Min(scenario.Exposures, scenario.Most), cancel);
        await using var expert = await Expert.SetUpAsync(lab, scenario.Exposures, scenario.HasProxy, cancel);
        var (mine, older, byHand) = (new Measured(), new Measured(), new List<double>());
        for (var i = 0; i < (quick ? 6 : 16); i++)
        {
            var line = i % 2 == 0 ? $"expose {scenario.Vm}:8080 on 10080" : "unexpose 10080";
            await mine.AddAsync(ours, line, isWarm: i > 1, cancel);
            if (theirs is not null)
                await older.AddAsync(theirs, line, isWarm: i > 1, cancel);
            byHand.Add(await expert.ChangeAsync(cancel));
        }

        var us = new Figures(mine.Times).Median;
        var hand = new Figures(byHand).Median;
        report.Add($"{scenario}, beside an expert's line", Ratio(us, hand, "the line"), scenario.HasProxy ? "at most 1.5 times" : "at most 3 times", us <= hand * (scenario.HasProxy ? 1.5 : 3));
        if (against is not null)
        {
            var them = new Figures(older.Times).Median;
            var part = !scenario.HasProxy ? 3 : scenario.Exposures > scenario.Most ? 15 : 4;
            var fewer = scenario.Exposures > scenario.Most ? string.Create(CultureInfo.InvariantCulture, $" at {scenario.Most:N0}") : "";
            report.Add($"{scenario}, beside {against.Revision}{fewer}", Ratio(us, them, against.Revision), $"at most 1/{part}", us * part <= them);
        }

        report.Add($"{scenario}, programs and threads started", Counts(mine.Started, older.Started), "at most 8", mine.Started.Median() <= 8);
        if (mine.Cpu.Count > 0)
        {
            var limit = scenario.Exposures >= 10_000 ? 60 : 30;
            report.Add($"{scenario}, CPU on the gateway", $"{Counts(mine.Cpu, older.Cpu)} ms", $"at most {limit} ms", mine.Cpu.Median() <= limit);
        }
    }

    private async Task<Build> OpenedAsync(Build build, int exposures, CancellationToken cancel)
    {
        try
        {
            await build.ChangeAsync(scenario.HasProxy ? "vm add vm2 400::100:0:0:2" : "vm add both 10.1.0.2,400::100:0:0:2", cancel);
            for (var first = GivenEdge.FirstPort; first < GivenEdge.FirstPort + exposures; first += ARange)
            {
                var last = Math.Min(first + ARange, GivenEdge.FirstPort + exposures) - 1;
                await build.ChangeAsync($"expose {scenario.Vm}:{first}-{last} on {first}-{last}", cancel);
            }

            return build;
        }
        catch
        {
            await build.DisposeAsync();
            throw;
        }
    }

    private static string Ratio(double ours, double theirs, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{Report.Ms(ours)} ms, {what} {Report.Ms(theirs)} ms: {ours / theirs:0.00} times");

    private static string Counts(List<double> ours, List<double> theirs) => theirs.Count == 0 ? Report.Ms(ours.Median()) : $"{Report.Ms(ours.Median())}, before {Report.Ms(theirs.Median())}";

    // The looks at the counters start one program each, and are not the change's.
    private sealed class Measured
    {
        public List<double> Times { get; } = [];

        public List<double> Started { get; } = [];

        public List<double> Cpu { get; } = [];

        public async Task AddAsync(Build build, string line, bool isWarm, CancellationToken cancel)
        {
            var (started, cpu) = (await build.StartedAsync(cancel), build.Cpu());
            var took = await build.ChangeAsync(line, cancel);
            var (cpuAfter, startedAfter) = (build.Cpu(), await build.StartedAsync(cancel));
            if (!isWarm)
                return;
            Times.Add(took);
            Started.Add(startedAfter - started - 1);
            if (cpu is { } before && cpuAfter is { } after)
                Cpu.Add(after - before);
        }
    }
}

/// <summary>An earlier build to compare with.</summary>
/// <param name="Revision">What git calls it, short.</param>
/// <param name="Checkout">Its checkout, built.</param>
/// <param name="Lab">Its lab, which is up.</param>
internal sealed record Against(string Revision, string Checkout, string Lab);

internal static class Medians
{
    public static double Median(this IEnumerable<double> values) => new Figures(values).Median;
}
