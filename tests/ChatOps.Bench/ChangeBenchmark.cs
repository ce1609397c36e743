using System.Diagnostics;
using System.Globalization;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Delivery.Ssh;
using ChatOps.Hosting;
using ChatOps.Local;
using ChatOps.Operations.Applying;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Bench;

/// <summary>
/// From a typed line that policy approves by itself to the message that it is confirmed, which is shown when ChangeApplied has been read
/// back from the log: all of the local edition over a real gateway. Ansible makes the same change on the same gateway in between.
/// </summary>
internal sealed class ChangeBenchmark(ChangeScenario scenario, Lab lab, string templates, string scratch)
{
    private const int WarmUps = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Speaker Admin = new(new Actor("local", "admin", "admin"), [Role.Admin]);
    private static readonly ChangePolicy NoApprovals = new([
        new(["expose", "unexpose", "peer add"], null, null, null, Role.Operator, new Approvals(0, "approver")),
    ]);

    private readonly string _log = Path.Combine(scratch, $"{scenario}.db");
    private readonly List<string> _complaints = [];

    public async Task RunAsync(Report report, CancellationToken cancel)
    {
        var file = await lab.FreshAsync(cancel);
        await PutInPlaceAsync(file.Gateways[0], cancel);
        await using var ansible = scenario.AnsibleRuns == 0 ? null : await Ansible.SetUpAsync(lab, file, scenario.Exposures, cancel);
        var (wholes, byAnsible, wire) = (new List<double>(), new List<double>(), new List<double>());
        await using (var shell = new SshGatewayClient(file.Access))
        await using (var edition = await StartAsync(file, shell, cancel))
        {
            // Brings all that is in place onto the gateway.
            await SayAsync(edition, 1, $"peer add vm1 {await lab.PublicKeyAsync(cancel)} 10.1.0.2", cancel);
            for (var i = 0; i < WarmUps + scenario.Repeats; i++)
            {
                var line = i % 2 == 0 ? $"expose {scenario.Vm}:8080 on 10080" : "unexpose 10080";
                var before = await lab.WireAsync(cancel);
                var whole = await SayAsync(edition, i + 2, line, cancel);
                if (i < WarmUps)
                    continue;
                wholes.Add(whole);
                wire.Add(await lab.WireAsync(cancel) - before);
                if (ansible is not null && (i - WarmUps + 1) % (scenario.Repeats / scenario.AnsibleRuns) == 0)
                    byAnsible.Add(await ansible.ChangeAsync(cancel));
            }
        }

        await ReportAsync(report, new Figures(wholes), wholes, byAnsible, cancel);
        // Of eight ports in turn the last two are UDP.
        if (scenario is { Vm: "vm2", Exposures: 100 })
            await new UdpBenchmark(lab, GivenEdge.FirstPort + 6).RunAsync(report, cancel);
        if (!scenario.IsLarge)
            return;
        var bytes = new Figures(wire).Median;
        report.Add($"{scenario}, over the wire", Kibibytes(bytes), "under 20 KiB", bytes < 20 * 1024);
        await new LookupBenchmark(lab, scenario.Exposures).RunAsync(report, cancel);
    }

    private static string Kibibytes(double bytes) => string.Create(CultureInfo.InvariantCulture, $"median {bytes / 1024:0.0} KiB");

    // One append instead of thousands of changes: the log then says that all of it was so from the beginning.
    private async Task PutInPlaceAsync(Gateway gateway, CancellationToken cancel)
    {
        await using var log = await SqliteEventLog.OpenAsync(_log, cancel: cancel);
        var addresses = gateway.Addresses.Where(a => scenario.BothFamilies || a.Family == Family.IPv4);
        var records = GivenEdge
            .Effects(gateway with { Addresses = [.. addresses] }, scenario.Exposures, scenario.Vm)
            .Select((e, i) => new NewRecord($"in-place.{i}", TimeProvider.System.GetUtcNow(), Actor.Configuration, null, null, e));
        await log.AppendAsync(Gateway.StreamOf(gateway.Name), 0, [.. records], cancel);
    }

    private Task<LocalEdition> StartAsync(LabFile file, SshGatewayClient shell, CancellationToken cancel) =>
        LocalEdition.StartAsync(
            _log,
            file.Gateways,
            shell,
            NoApprovals,
            templates,
            ApplyOptions.Default,
            TimeProvider.System,
            SentenceLog.To(_complaints.Add),
            cancel
        );

    private async Task<double> SayAsync(LocalEdition edition, int number, string line, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        var key = ChangeCard.KeyOf(GivenEdge.GatewayName, number);
        var from = Stopwatch.GetTimestamp();
        var saying = edition.Chat.SayAsync(Admin, line, null, patience.Token);
        try
        {
            await foreach (var entry in edition.Room.FollowAsync(patience.Token))
            {
                if (entry.Message.Tone == Tone.Bad)
                    throw new InvalidOperationException($"\"{line}\": {entry.Message.Text}");
                if (entry.Message.Key == key && entry.Message.Tone == Tone.Good)
                    break;
            }

            var took = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
            await saying;
            return took;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            var complaint = _complaints.Count > 0 ? $": {_complaints[^1]}" : "";
            throw new TimeoutException($"\"{line}\" is not confirmed after {Patience.TotalSeconds} s{complaint}");
        }
    }

    private async Task ReportAsync(Report report, Figures figures, List<double> wholes, List<double> byAnsible, CancellationToken cancel)
    {
        report.Add(
            $"{scenario}, line to confirmed",
            figures.ToString(),
            $"median under {Report.Ms(scenario.Target)} ms",
            figures.Median < scenario.Target
        );
        if (byAnsible.Count > 0)
        {
            var theirs = new Figures(byAnsible).Median;
            var times = theirs / figures.Median;
            report.Add(
                $"{scenario}, by Ansible",
                string.Create(CultureInfo.InvariantCulture, $"median {Report.Ms(theirs)} ms: {times:0.0} times ours"),
                "at least 10 times ours",
                times >= 10
            );
        }

        await using var log = await SqliteEventLog.OpenAsync(_log, cancel: cancel);
        var applied = new List<ChangeApplied>();
        await foreach (var recorded in ((IEventLog)log).ReadAllAsync(0, cancel))
        {
            if (recorded.Event is ChangeApplied e)
                applied.Add(e);
        }

        if (scenario.IsLarge)
        {
            var full = applied[0].Steps["validating"] + applied[0].Steps["switching"];
            report.Add(
                $"full load of {scenario.Exposures.ToString("N0", CultureInfo.InvariantCulture)} exposures, on the gateway",
                $"{full} ms",
                "under 1500 ms",
                full < 1_500
            );
        }

        report.AddSteps(ChangeSteps.Row(scenario, [.. wholes.Zip(applied.TakeLast(wholes.Count))]));
    }
}
