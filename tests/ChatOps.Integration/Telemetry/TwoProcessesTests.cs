using ChatOps.Integration.Faults;
using ChatOps.Telemetry;

namespace ChatOps.Integration.Telemetry;

/// <summary>What begins in the bot and ends in the function app, with a queue between them, is one trace.</summary>
[Collection(nameof(FaultTests)), Trait("needs", "Azurite")]
public sealed class TwoProcessesTests
{
    [Fact]
    public async Task A_collector_sees_one_trace_from_the_line_in_the_bot_through_the_queue_to_the_confirm_in_the_function_app()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var recorder = new SpanRecorder();
        var collector = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Endpoint.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        };
        using (TelemetryExport.Start("chatops-bot", new TelemetrySettings(receiver.Endpoint, IsHttp: true)))
        {
            await using var edition = await Edition.StartAsync(through: queue => queue, more: collector);
            Assert.True(await edition.SayAsync("expose vm2:8080 on 80"), edition.Said());
            await edition.SettledAsync();
        }

        // Both have ended, so all that they had is sent.
        var line = Assert.Single(recorder.Ended, a => a.OperationName == "chat.line" && "expose".Equals(a.GetTagItem("chatops.command")));
        var trace = new byte[16];
        line.TraceId.CopyTo(trace);
        Assert.True(receiver.HasFrom("chatops-bot", "chat.line", trace));
        foreach (
            var span in new[] { "gateway.apply", "gateway.render", "gateway.switch", "gateway.verify", "gateway.confirm", "log.append" }
        )
            Assert.True(receiver.HasFrom("chatops-functions", span, trace), span);
    }
}
