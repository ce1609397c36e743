namespace ChatOps.Bench;

/// <summary>What <c>./bench</c> asks for.</summary>
/// <param name="Lab">The lab to measure changes in, or null.</param>
/// <param name="NoLab">Why there is none.</param>
/// <param name="Scratch">An empty folder on a real disk.</param>
/// <param name="Quick">Fewer repeats.</param>
/// <param name="Only">Only what has this in its name; empty for all.</param>
/// <param name="Azurite">The checkout in which Azurite is installed, or null.</param>
/// <param name="Functions">The function app's published folders, by how they were published.</param>
/// <param name="Against">The earlier build to compare changes with, or null.</param>
internal sealed record Options(
    Lab? Lab,
    string NoLab,
    string Scratch,
    bool Quick,
    string Only,
    string? Azurite,
    IReadOnlyDictionary<string, string> Functions,
    Against? Against
)
{
    public static Options Read(string[] args)
    {
        var options = new Options(null, "no --lab was given", "", false, "", null, new Dictionary<string, string>(), null);
        for (var i = 0; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "--quick" => options with { Quick = true },
                "--only" => options with { Only = args[++i] },
                "--scratch" => options with { Scratch = args[++i] },
                "--azurite" => options with { Azurite = args[++i] },
                "--lab" => options with { Lab = new Lab(args[++i]) },
                "--functions" => options with { Functions = new Dictionary<string, string>(options.Functions) { [args[++i]] = args[++i] } },
                "--against" => options with { Against = new Against(args[++i], args[++i], args[++i]) },
                "--no-lab" => options with { NoLab = args[++i] },
                _ => throw new ArgumentException($"unknown option {args[i]}"),
            };
        }

        return options;
    }

    /// <summary>0: all was measured, whatever came of it; 1: something could not run; 130: stopped.</summary>
    public async Task<int> RunAsync()
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            stop.Cancel();
        };
        var templates = Path.Combine(AppContext.BaseDirectory, "templates");
        var report = new Report();
        var pressure = Pressure.Start();
        try
        {
            await TryAsync("rendering", () => Task.Run(() => new RenderingBenchmark(templates, Quick).Run(report), stop.Token));
            await TryAsync("appending", () => new AppendBenchmark(Scratch, Quick).RunAsync(report, stop.Token));
            await TryAsync("the log on append blobs", () =>
                new BlobLogBenchmark(
                    Azurite ?? throw new InvalidOperationException("Azurite is missing (npm and infra/azurite)"),
                    Scratch,
                    Quick
                ).RunAsync(report, stop.Token)
            );
            await TryAsync("answering on Discord", () => new DiscordBenchmark(Scratch, templates, Quick).RunAsync(report, stop.Token));
            await TryAsync("questions about a long log", () => new AuditBenchmark(templates, Scratch, Quick).RunAsync(report, stop.Token));
            await TryAsync("verifying", () => new VerifyBenchmark(Scratch, Quick).RunAsync(report, stop.Token));
            await TryAsync("start with a long log", () => new StartBenchmark(Scratch, Quick).RunAsync(report, stop.Token));
            if (Functions.Count > 0)
                await TryAsync("worker, start to ready", () =>
                    new FunctionStartBenchmark(Scratch, Quick, Functions).RunAsync(report, stop.Token)
                );
            if (Lab is null)
                report.CouldNotRun("changes on a gateway", NoLab);
            else
                await ChangesAsync(templates, report, TryAsync, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 130;
        }

        report.Print(Console.Out);
        Console.WriteLine(pressure.Sentence);
        return report.IsWhole ? 0 : 1;

        // One that cannot run does not keep the others from it.
        async Task TryAsync(string what, Func<Task> run)
        {
            if (!what.Contains(Only, StringComparison.Ordinal))
                return;
            await Console.Error.WriteLineAsync($"measuring: {what} ...");
            try
            {
                await run();
            }
            catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
            {
                await Console.Error.WriteLineAsync(e.ToString());
                report.CouldNotRun(what, e.Message);
            }
        }
    }

    private async Task ChangesAsync(string templates, Report report, Func<string, Func<Task>, Task> tryAsync, CancellationToken cancel)
    {
        foreach (var scenario in AgainstScenario.All)
            await tryAsync(scenario.ToString(), () =>
                new AgainstBenchmark(scenario, Lab!.Name, Against, Scratch, Quick).RunAsync(report, cancel)
            );
        var far = new FarAndManyBenchmark(Lab!.Name, Against, Scratch, Quick);
        await tryAsync(FarAndManyBenchmark.Burst, () => far.BurstAsync(report, cancel));
        await tryAsync(FarAndManyBenchmark.Far, () => far.FarAsync(report, cancel));
        if (Against is not null)
            return;
        foreach (var (exposures, target) in new[] { (100, 150.0), (1_000, 300.0) })
        {
            // Ansible's playbook has no nginx in it, so a gateway that needs none is the one where both do the same.
            foreach (var (vm, both) in new[] { ("vm1", true), ("vm2", true), ("vm1", false) })
            {
                var ansibleRuns =
                    both ? 0
                    : Quick ? 2
                    : 6;
                var scenario = new ChangeScenario(exposures, vm, both, target, Repeats: Quick ? 8 : 30, ansibleRuns);
                await tryAsync(scenario.ToString(), () => new ChangeBenchmark(scenario, Lab!, templates, Scratch).RunAsync(report, cancel));
            }
        }

        await tryAsync("1 change over Azurite", () => new AzuriteChangeBenchmark(Lab!, Scratch, Quick).RunAsync(report, cancel));
        var large = new ChangeScenario(10_000, "both", BothFamilies: true, 250, Repeats: Quick ? 8 : 30, AnsibleRuns: Quick ? 1 : 3);
        await tryAsync(large.ToString(), () => new ChangeBenchmark(large, Lab!, templates, Scratch).RunAsync(report, cancel));
    }
}
