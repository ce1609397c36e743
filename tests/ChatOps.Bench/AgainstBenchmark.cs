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
    [
        new("vm2", 10, 10),
        new("both", 10, 10),
        new("vm2", 1_000, 1_000),
        new("both", 1_000, 1_000),
        new("vm2", 10_000, 8_000),
        new("both", 10_000, 10_000),
    ];

    public bool HasProxy => Vm == "vm2";

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"1 change among {Exposures:N0} exposures of {(HasProxy ? "an IPv6-only VM" : "nftables alone")}"
        );
}

/// <summary>
/// One change as people make it, typed to confirmed, three ways in turn: this build, an earlier one, and the line that an expert would
/// type. All three have a gateway of their own on this machine, so that the ratios hold whatever else it does.
/// </summary>
internal sealed class AgainstBenchmark(AgainstScenario scenario, string lab, Against? against, string scratch, bool quick)
{
    private const int ARange = 1_000;

    public async Task RunAsync(Report report, CancellationToken cancel)
    {
        await using var ours = await OpenedAsync(
            await Build.StartAsync("this build", Directory.GetCurrentDirectory(), lab, scratch, null, cancel),
            scenario.Exposures,
            cancel
        );
        await using var theirs = against is null
            ? null
            : await OpenedAsync(
                await Build.StartAsync(against.Revision, against.Checkout, against.Lab, scratch, null, cancel),
                Math.Min(scenario.Exposures, scenario.Most),
                cancel
            );
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
        report.Add(
            $"{scenario}, beside an expert's line",
            Ratio(us, hand, "the line"),
            scenario.HasProxy ? "at most 1.5 times" : "at most 3 times",
            us <= hand * (scenario.HasProxy ? 1.5 : 3)
        );
        if (against is not null)
        {
            var them = new Figures(older.Times).Median;
            var part =
                !scenario.HasProxy ? 3
                : scenario.Exposures > scenario.Most ? 15
                : 4;
            var fewer = scenario.Exposures > scenario.Most ? string.Create(CultureInfo.InvariantCulture, $" at {scenario.Most:N0}") : "";
            report.Add(
                $"{scenario}, beside {against.Revision}{fewer}",
                Ratio(us, them, against.Revision),
                $"at most 1/{part}",
                us * part <= them
            );
        }

        report.Add(
            $"{scenario}, programs and threads started",
            Counts(mine.Started, older.Started),
            "at most 8",
            mine.Started.Median() <= 8
        );
        if (mine.Cpu.Count > 0)
        {
            var limit = scenario.Exposures >= 10_000 ? 60 : 30;
            report.Add(
                $"{scenario}, CPU on the gateway",
                $"{Counts(mine.Cpu, older.Cpu)} ms",
                $"at most {limit} ms",
                mine.Cpu.Median() <= limit
            );
        }
    }

    private async Task<Build> OpenedAsync(Build build, int exposures, CancellationToken cancel)
    {
        try
        {
            // A target that does not answer is waited for, which is no part of a change as people make it.
            if (!scenario.HasProxy)
                await build.ChangeAsync(
                    $"peer add vm1 {(await File.ReadAllTextAsync($"/run/chatops-lab/{build.Lab}/vm1.pub", cancel)).Trim()} 10.1.0.2",
                    cancel
                );
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

    private static string Counts(List<double> ours, List<double> theirs) =>
        theirs.Count == 0 ? Report.Ms(ours.Median()) : $"{Report.Ms(ours.Median())}, before {Report.Ms(theirs.Median())}";

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

/// <summary>
/// What does not show with one change at a time on a gateway next door: a hundred changes at once, and one change on a gateway that is 50
/// ms away.
/// </summary>
internal sealed class FarAndManyBenchmark(string lab, Against? against, string scratch, bool quick)
{
    private const int Many = 100;
    private const int Away = 50;

    public static string Burst => $"a burst of {Many} changes";

    public static string Far => "1 change, 50 ms there and back";

    public Task BurstAsync(Report report, CancellationToken cancel) =>
        MeasureAsync(
            report,
            Burst,
            BurstOfAsync,
            (all, one) => (Times(all / one, "times one change"), "at most 8 times one change", all <= one * 8),
            cancel
        );

    // Two round trips, and what a new connection of SSH takes before it is proved: TCP, versions, keys and login are seven.
    public Task FarAsync(Report report, CancellationToken cancel) =>
        MeasureAsync(
            report,
            Far,
            FarOfAsync,
            (far, near) =>
                (Times((far - near) / Away, "round trips more than next door"), "at most 9 round trips", far - near <= Away * 9.5),
            cancel
        );

    private static string Times(double value, string what) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {what}");

    private async Task MeasureAsync(
        Report report,
        string what,
        Func<Built, CancellationToken, Task<(double Shown, double Beside)>> measure,
        Func<double, double, (string, string, bool)> judge,
        CancellationToken cancel
    )
    {
        var mine = await measure(new("this build", Directory.GetCurrentDirectory(), lab), cancel);
        var (found, target, isMet) = judge(mine.Shown, mine.Beside);
        report.Add(what, $"{Report.Ms(mine.Shown)} ms: {found}", target, isMet);
        if (against is null)
            return;
        var older = await measure(new(against.Revision, against.Checkout, against.Lab), cancel);
        report.Add(
            $"{what}, beside {against.Revision}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Report.Ms(mine.Shown)} ms, {against.Revision} {Report.Ms(older.Shown)} ms: {mine.Shown / older.Shown:0.00} times"
            ),
            "less",
            mine.Shown < older.Shown
        );
    }

    // All of them at once, and the median of one at a time.
    private async Task<(double, double)> BurstOfAsync(Built built, CancellationToken cancel)
    {
        await using var build = await StartAsync(built, null, cancel);
        var singles = await SinglesAsync(build, cancel);
        var bursts = new List<double>();
        for (var i = 0; i < (quick ? 2 : 6); i++)
            bursts.Add(
                await build.ChangeAsync(
                    [.. Enumerable.Range(GivenEdge.FirstPort, Many).Select(p => i % 2 == 0 ? $"expose vm2:8080 on {p}" : $"unexpose {p}")],
                    cancel
                )
            );
        return (bursts.Median(), singles.Median());
    }

    private async Task<(double, double)> FarOfAsync(Built built, CancellationToken cancel)
    {
        var medians = new List<double>();
        foreach (var delay in new TimeSpan?[] { TimeSpan.FromMilliseconds(Away / 2), null })
        {
            await using var build = await StartAsync(built, delay, cancel);
            medians.Add((await SinglesAsync(build, cancel)).Median());
        }

        return (medians[0], medians[1]);
    }

    private async Task<Build> StartAsync(Built built, TimeSpan? delay, CancellationToken cancel)
    {
        var build = await Build.StartAsync(built.Name, built.Checkout, built.Lab, scratch, delay, cancel);
        await build.ChangeAsync("vm add vm2 400::100:0:0:2", cancel);
        return build;
    }

    private async Task<List<double>> SinglesAsync(Build build, CancellationToken cancel)
    {
        var singles = new List<double>();
        for (var i = 0; i < (quick ? 6 : 16); i++)
        {
            var took = await build.ChangeAsync(i % 2 == 0 ? "expose vm2:8080 on 10080" : "unexpose 10080", cancel);
            if (i > 1)
                singles.Add(took);
        }

        return singles;
    }
}

/// <summary>A build to start.</summary>
internal sealed record Built(string Name, string Checkout, string Lab);

/// <summary>An earlier build to compare with.</summary>
/// <param name="Revision">What git calls it, short.</param>
/// <param name="Checkout">Its checkout, built.</param>
/// <param name="Lab">Its lab, which is up.</param>
internal sealed record Against(string Revision, string Checkout, string Lab);

internal static class Medians
{
    public static double Median(this IEnumerable<double> values) => new Figures(values).Median;
}
