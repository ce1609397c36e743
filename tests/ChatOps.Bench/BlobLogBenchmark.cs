using System.Diagnostics;
using System.Globalization;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using ChatOps.Azure.Blobs;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Integration.Azurites;

namespace ChatOps.Bench;

/// <summary>
/// The log on append blobs against what Azurite does bare: a block of the same bytes appended to a blob without a log around it, and a log
/// of many events downloaded and thrown away.
/// </summary>
internal sealed class BlobLogBenchmark(string checkout, string scratch, bool quick)
{
    private const int Batch = 1000;
    private const int Exposures = 1000;

    private int Events { get; } = quick ? 20_000 : 100_000;

    public async Task RunAsync(Report report, CancellationToken cancel)
    {
        await using var azurite = await Azurite.StartAsync(
            checkout,
            Directory.CreateDirectory(Path.Combine(Path.GetFullPath(scratch), "azurite")).FullName
        );
        await AppendAsync(azurite, report, cancel);
        await FoldAsync(azurite, report, cancel);
    }

    // Both take turns, so that what else the machine does meets both.
    private async Task AppendAsync(Azurite azurite, Report report, CancellationToken cancel)
    {
        var container = Container(azurite, "appends");
        await using var log = await BlobEventLog.OpenAsync(container, CopyAt("appends"), cancel: cancel);
        var bare = container.GetAppendBlobClient("bare");
        await bare.CreateAsync(cancellationToken: cancel);
        var (body, hash) = RecordFormat.Seal(RecordNumber(1), Stream, 1, RecordFormat.NoPrevious);
        var block = BinaryData.FromString($"1 1/1 {hash} {body}\n");
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var n = -200; n < (quick ? 300 : 1500); n++)
        {
            var began = Stopwatch.GetTimestamp();
            if (await log.AppendAsync(Stream, n + 200, [RecordNumber(n + 201)], cancel) is not AppendResult.Appended)
                throw new InvalidOperationException($"record {n} was not appended");
            var appended = Stopwatch.GetTimestamp();
            await bare.AppendBlockAsync(block.ToStream(), cancellationToken: cancel);
            // The first are for the compiler.
            if (n < 0)
                continue;
            ours.Add(Stopwatch.GetElapsedTime(began, appended).TotalMilliseconds);
            theirs.Add(Stopwatch.GetElapsedTime(appended).TotalMilliseconds);
        }

        var (our, their) = (new Figures(ours), new Figures(theirs));
        report.Add(
            "appending events to Azurite, a block each",
            string.Create(
                CultureInfo.InvariantCulture,
                $"median {Report.Ms(our.Median)} ms, a bare block {Report.Ms(their.Median)} ms: {their.Median / our.Median:0%} as fast"
            ),
            "at least 80%",
            their.Median / our.Median >= 0.8
        );
    }

    private async Task FoldAsync(Azurite azurite, Report report, CancellationToken cancel)
    {
        var container = Container(azurite, "folds");
        await using (var writer = await BlobEventLog.OpenAsync(container, CopyAt("writer"), cancel: cancel))
        {
            for (var version = 0; version < Events; version += Batch)
                await writer.AppendAsync(Stream, version, [.. Enumerable.Range(version + 1, Batch).Select(RecordNumber)], cancel);
        }

        var (bare, cold, warm, idle) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var run = -1; run < (quick ? 2 : 4); run++)
        {
            var download = await TimedAsync(() => DownloadAsync(container, cancel));
            var copy = CopyAt($"fold{run}");
            var first = await TimedAsync(() => FoldAsync(container, copy, null, cancel));
            var again = await TimedAsync(() => FoldAsync(container, copy, idle, cancel));
            // The first is for the compiler.
            if (run < 0)
                continue;
            bare.Add(download);
            cold.Add(first);
            warm.Add(again);
        }

        var events = Events.ToString("N0", CultureInfo.InvariantCulture);
        var lone = new Figures(bare).Median;
        Add(
            $"cold fold of {events} events in Azurite: fetched, verified, copied, folded",
            new Figures(cold).Median,
            "at most 10 times",
            10
        );
        Add($"warm fold of {events} events: from the copy, and what is new", new Figures(warm).Median, "at most 5 times", 5);
        Add($"a fold of {events} events that is kept, brought up to date", new Figures(idle).Median, "at most a tenth", 0.1);

        void Add(string what, double took, string target, double most) =>
            report.Add(
                what,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"median {Report.Ms(took)} ms, a bare download {Report.Ms(lone)} ms: {took / lone:0.##} times"
                ),
                target,
                took / lone <= most
            );
    }

    private async Task FoldAsync(BlobContainerClient container, string copy, List<double>? idle, CancellationToken cancel)
    {
        await using var log = await BlobEventLog.OpenAsync(container, copy, cancel: cancel);
        using var ledger = new Ledger(log, TimeProvider.System);
        var state = await ledger.LoadAsync(GivenEdge.GatewayName, cancel);
        if (state.Version != Events)
            throw new InvalidOperationException($"folded {state.Version} of {Events}");
        for (var i = 0; idle is not null && i < 20; i++)
            idle.Add(await TimedAsync(() => ledger.LoadAllAsync(cancel)));
    }

    private static async Task DownloadAsync(BlobContainerClient container, CancellationToken cancel)
    {
        await using var segment = await container.GetBlobClient("00000001").OpenReadAsync(cancellationToken: cancel);
        await segment.CopyToAsync(System.IO.Stream.Null, cancel);
    }

    private static async Task<double> TimedAsync(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private string CopyAt(string name) => Path.Combine(scratch, $"{name}.copy.db");

    private static BlobContainerClient Container(Azurite azurite, string name) =>
        new(azurite.ConnectionString, name, BlobEventLog.NewClientOptions());

    private static string Stream { get; } = Gateway.StreamOf(GivenEdge.GatewayName);

    // A gateway that has many exposures, each opened and closed again and again.
    private static NewRecord RecordNumber(int number)
    {
        var endpoint = Text.Parse<PublicPort>(((number / 2) % Exposures + 10_000).ToString(CultureInfo.InvariantCulture));
        GatewayEvent happened =
            number % 2 == 0
                ? new ExposureOpened(number, endpoint, [Text.Parse<VmEndpoint>("vm2:8443")])
                : new ExposureClosed(number, endpoint);
        return new($"bench:{number:D8}", DateTimeOffset.UnixEpoch.AddSeconds(number), Actor.Configuration, null, null, happened);
    }
}
