using System.Diagnostics;
using System.Globalization;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Configuration;
using ChatOps.Core.Application.Telemetry;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Delivery.Folder;
using ChatOps.Hosting;
using ChatOps.Local;
using ChatOps.Operations.Applying;
using ChatOps.Operations.Reconciling;
using ChatOps.Telemetry;

namespace ChatOps.Integration.Telemetry;

public sealed class TelemetryTests : IAsyncLifetime
{
    private const string Reason = "because \"the merger with Initech is secret\"";
    private readonly string _folder = Directory.CreateTempSubdirectory("chatops-").FullName;
    private readonly List<string> _complaints = [];
    private readonly PolicyFile _policy = PolicyFile.Load(Path.Combine(AppContext.BaseDirectory, "policy.json"));
    private OtlpReceiver _receiver = null!;
    private LocalEdition _edition = null!;

    public async Task InitializeAsync()
    {
        _receiver = await OtlpReceiver.StartAsync();
        _edition = await LocalEdition.StartAsync(
            Path.Combine(_folder, "log.db"),
            [Gateway.WithDefaults(Text.Parse<Name<Gateway>>("gw1"), [Text.Parse<Address>("203.0.113.10")], null)],
            new KeyedGateway(new FolderGatewayClient(Path.Combine(_folder, "gateway"), TimeProvider.System)),
            _policy.Policy,
            Path.Combine(AppContext.BaseDirectory, "templates"),
            ApplyOptions.Default,
            TimeProvider.System,
            SentenceLog.To(_complaints.Add),
            default,
            ReconcileOptions.Default with
            {
                Every = TimeSpan.FromMilliseconds(200),
            }
        );
    }

    public async Task DisposeAsync()
    {
        await _edition.DisposeAsync();
        await _receiver.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_collector_sees_one_trace_from_the_chat_line_to_the_confirm_and_the_figures_and_no_secret()
    {
        using var recorder = new SpanRecorder();
        string? file = null;
        using (TelemetryExport.Start("chatops-test", new TelemetrySettings(_receiver.Endpoint, IsHttp: true)))
        {
            await SayAsync("operator", "vm add vm2 10.0.0.2");
            await SayAsync("approver", "approve 1");
            await SayAsync("operator", $"expose vm2:8080 on 80 {Reason}");
            await SayAsync("approver", "approve 2");
            await SettledAsync(2);
            await SayAsync("operator", "peer add laptop", f => file = f.Content);
        }

        // The recorder says which trace that was; the collector must have the same.
        var applied = recorder.Ended.Single(a => a.OperationName == "gateway.apply" && Tag(a, "chatops.change") == "2");
        var trace = recorder.Of(applied.TraceId);
        Assert.Equal("expose", Tag(Assert.Single(trace, a => a.OperationName == "chat.line"), "chatops.command"));
        Assert.Equal(
            [
                "chat.decision",
                "chat.line",
                "gateway.apply",
                "gateway.confirm",
                "gateway.render",
                "gateway.switch",
                "gateway.verify",
                "log.append",
            ],
            trace.Select(a => a.OperationName).Distinct().Order(StringComparer.Ordinal)
        );
        var approving = trace.Single(a => a.OperationName == "chat.decision");
        Assert.NotEqual(applied.TraceId, Assert.Single(approving.Links).Context.TraceId);
        Assert.All(trace.Where(a => a.OperationName.StartsWith("gateway.", StringComparison.Ordinal) && a != applied), a =>
            Assert.Equal(applied.SpanId, a.ParentSpanId)
        );

        var id = new byte[16];
        applied.TraceId.CopyTo(id);
        Assert.Equal(trace.Count, _receiver.Count("traces", id));
        foreach (var name in trace.Select(a => a.OperationName).Append("chatops-test"))
            Assert.NotEqual(0, _receiver.Count("traces", name));
        foreach (
            var name in new[]
            {
                "chatops.changes",
                "chatops.apply.duration",
                "chatops.queue.age",
                "chatops.log.append.duration",
                "chatops.reconcile.duration",
            }
        )
            Assert.NotEqual(0, _receiver.Count("metrics", name));

        // What people say to each other, and keys, stay in the log and with their owner.
        string[] names = ["PrivateKey = ", "PresharedKey = "];
        var keys = names
            .Select(n => Assert.IsType<string>(file).Split('\n').Single(l => l.StartsWith(n, StringComparison.Ordinal))[n.Length..].Trim())
            .ToArray();
        foreach (var signal in new[] { "traces", "metrics" })
        {
            Assert.Equal(0, _receiver.Count(signal, "Initech"));
            Assert.All(keys, key => Assert.Equal(0, _receiver.Count(signal, key)));
            Assert.Equal(0, _receiver.Count(signal, "10.0.0.2"));
        }
    }

    [Fact]
    public void A_line_has_the_same_trace_in_every_process_and_another_line_another()
    {
        Assert.Equal("b63669", TraceOf.Line("local:1").TraceId.ToHexString()[..6]);
        Assert.NotEqual(TraceOf.Line("local:1").TraceId, TraceOf.Line("local:2").TraceId);
    }

    [Fact]
    public void Without_a_place_to_send_to_nothing_is_recorded()
    {
        using var telemetry = TelemetryExport.Start("chatops-test", new TelemetrySettings(null, false));
        Assert.Null(Spans.Line("local:nobody", "help"));
    }

    private async Task SayAsync(string who, string line, Action<PrivateFile>? whisper = null)
    {
        var speaker = _policy.Users.Single(u => u.Actor.Id == who);
        Assert.True((await _edition.Chat.SayAsync(speaker, line, whisper, default)).IsTaken, line);
    }

    private async Task SettledAsync(int changes)
    {
        await Eventually.TrueAsync(
            () => _edition.Core.Unsettled.Count == 0,
            () => $"unsettled of {changes}: {string.Join(", ", _edition.Core.Unsettled)}; {string.Join("; ", _complaints)}"
        );
        Assert.Equal(0, _edition.Core.Failures);
    }

    private static string? Tag(Activity activity, string name) => Convert.ToString(activity.GetTagItem(name), CultureInfo.InvariantCulture);
}
