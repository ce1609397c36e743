using ChatOps.Core.Application.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ChatOps.Telemetry;

/// <summary>The way of spans and figures out of the process, from the start to the end of a program; the end sends what is left.</summary>
public sealed class TelemetryExport : IDisposable
{
    private readonly TracerProvider? _spans;
    private readonly MeterProvider? _figures;

    private TelemetryExport(TracerProvider? spans, MeterProvider? figures) => (_spans, _figures) = (spans, figures);

    /// <summary>Begins to send; does nothing when there is no place to send to.</summary>
    /// <param name="service">The program's name, such as <c>chatops-bot</c>.</param>
    /// <param name="also">A place beside the collector of the settings; null for none.</param>
    public static TelemetryExport Start(string service, TelemetrySettings settings, ITelemetryPlace? also = null)
    {
        if (settings.Otlp is null && also is null)
            return new(null, null);
        var version = typeof(TelemetryExport).Assembly.GetName().Version?.ToString(3);
        var resource = ResourceBuilder.CreateDefault().AddService(service, "chatops", version);
        var spans = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Spans.SourceName);
        var figures = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Figures.MeterName);
        if (settings.Otlp is { } otlp)
        {
            spans.AddOtlpExporter(o => Address(o, otlp, settings.IsHttp, "v1/traces"));
            figures.AddOtlpExporter(o => Address(o, otlp, settings.IsHttp, "v1/metrics"));
        }

        also?.Add(spans, figures);
        return new(spans.Build(), figures.Build());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _spans?.Dispose();
        _figures?.Dispose();
    }

    // The exporter adds the signal's path only to an address that it has read from the environment itself.
    private static void Address(OtlpExporterOptions options, Uri endpoint, bool isHttp, string path)
    {
        options.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        options.Endpoint = isHttp ? new Uri($"{endpoint.ToString().TrimEnd('/')}/{path}") : endpoint;
    }
}
