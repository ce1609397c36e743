using System.Diagnostics;
using System.Globalization;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Hosting;
using ChatOps.Proof.Keeping;
using ChatOps.Storage.Sqlite;
using ChatOps.Verify;

namespace ChatOps.Bench;

/// <summary>
/// A check of a whole log, every link and the whole tree, from SQLite and by chatops-verify from an export, against the least that could
/// do: one sha256sum over the same bytes. Each record is hashed twice, for its link and for its leaf.
/// </summary>
internal sealed class VerifyBenchmark(string scratch, bool quick)
{
    private const int Batch = 1000;
    private const int Streams = 4;

    private readonly int _records = quick ? 100_000 : 1_000_000;

    public async Task RunAsync(Report report, CancellationToken cancel)
    {
        await using var log = await SqliteEventLog.OpenAsync(Path.Combine(scratch, "verify.db"), cancel: cancel);
        await FillAsync(log, cancel);
        var files = new ProofFiles(Path.Combine(scratch, "verify.db"));
        using var keeper = await CheckpointSigner.OpenAsync(
            log,
            new KeyFiles(files.Log),
            files.Tree,
            [new FileCheckpointSink(files.Checkpoints)],
            KeeperOptions.Default,
            TimeProvider.System,
            SentenceLog.To(Console.Error.WriteLine),
            cancel
        );
        var export = Path.Combine(scratch, "verify.jsonl");
        await using (var file = File.Create(export))
            await keeper.ExportAsync(file, null, cancel);

        var (ours, theirs, plain) = (new List<double>(), new List<double>(), new List<double>());
        for (var run = 0; run < 3; run++)
        {
            plain.Add(await TimeAsync(() => Tool.RunAsync("sha256sum", [export], cancel)));
            ours.Add(await TimeAsync(async () => Fine((await keeper.VerifyAsync(null, cancel)).Fault)));
            theirs.Add(
                await TimeAsync(() =>
                    Task.Run(
                        () =>
                            Fine(
                                Command.Run([export, "--key", files.PublicKeys], TextWriter.Null, Console.Error) == 0
                                    ? null
                                    : "chatops-verify failed"
                            ),
                        cancel
                    )
                )
            );
        }

        Add(report, "audit verify", ours, plain);
        Add(report, "chatops-verify", theirs, plain);
        File.Delete(export);
    }

    private void Add(Report report, string what, List<double> taken, List<double> plain)
    {
        var ratio = new Figures(taken.Zip(plain, (t, p) => t / p)).Median;
        report.Add(
            string.Create(CultureInfo.InvariantCulture, $"{what}, {_records:N0} records"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{new Figures(taken).Median / 1000:0.0} s, sha256sum of the same bytes {new Figures(plain).Median / 1000:0.00} s: {ratio:0.0} times"
            ),
            "within 10 times",
            ratio <= 10
        );
    }

    private async Task FillAsync(SqliteEventLog log, CancellationToken cancel)
    {
        for (var at = 0; at < _records; at += Batch)
        {
            var stream = $"gateway/gw{(at / Batch % Streams) + 1}";
            var version = at / Batch / Streams * Batch;
            if (
                await log.AppendAsync(stream, version, [.. Enumerable.Range(at, Batch).Select(RecordNumber)], cancel)
                is not AppendResult.Appended
            )
                throw new InvalidOperationException($"record {at + 1} was not appended");
        }
    }

    private static NewRecord RecordNumber(int number) =>
        new(
            $"bench:{number:D8}",
            DateTimeOffset.UnixEpoch.AddSeconds(number),
            Actor.Configuration,
            null,
            null,
            new ExposureOpened(number, Text.Parse<PublicPort>("443"), [Text.Parse<VmEndpoint>("vm2:8443")])
        );

    private static void Fine(string? fault)
    {
        if (fault is not null)
            throw new InvalidOperationException(fault);
    }

    private static async Task<double> TimeAsync(Func<Task> action)
    {
        var began = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
