using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using ChatOps.Telemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ChatOps.Azure.Monitoring;

/// <summary>Application Insights, as the process's identity. Nothing is left out: all traces are sent.</summary>
/// <param name="connectionString">It names a component and opens nothing.</param>
public sealed class ApplicationInsights(string connectionString) : ITelemetryPlace
{
    /// <summary>What <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> names; null for nothing.</summary>
    public static ApplicationInsights? FromEnvironment() =>
        Environment.GetEnvironmentVariable("APPLICATIONINSIGHTS_CONNECTION_STRING") is { Length: > 0 } named ? new(named) : null;

    /// <inheritdoc/>
    public void Add(TracerProviderBuilder spans, MeterProviderBuilder figures)
    {
        spans.AddAzureMonitorTraceExporter(Address);
        figures.AddAzureMonitorMetricExporter(Address);
    }

    private void Address(AzureMonitorExporterOptions options)
    {
        options.ConnectionString = connectionString;
        options.Credential = new DefaultAzureCredential();
        options.SamplingRatio = 1;
        options.TracesPerSecond = null;
    }
}
