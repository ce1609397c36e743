using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ChatOps.Telemetry;

/// <summary>A place that takes spans and figures otherwise than a collector does.</summary>
public interface ITelemetryPlace
{
    /// <summary>Has what is recorded sent there too.</summary>
    void Add(TracerProviderBuilder spans, MeterProviderBuilder figures);
}
