namespace ChatOps.Telemetry;

/// <summary>Where telemetry goes; nowhere when both are null.</summary>
/// <param name="Otlp">The collector that takes OTLP.</param>
/// <param name="IsHttp">OTLP over HTTP with protobuf instead of gRPC.</param>
/// <param name="ApplicationInsights">The connection string of Application Insights; it names a component and opens nothing.</param>
public sealed record TelemetrySettings(Uri? Otlp, bool IsHttp, string? ApplicationInsights)
{
    /// <summary>
    /// What the usual variables say: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and <c>_PROTOCOL</c>, <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>.
    /// </summary>
    /// <exception cref="FormatException">The endpoint is no address.</exception>
    public static TelemetrySettings FromEnvironment()
    {
        var endpoint = Variable("OTEL_EXPORTER_OTLP_ENDPOINT");
        Uri? otlp = null;
        if (endpoint is not null && !Uri.TryCreate(endpoint, UriKind.Absolute, out otlp))
            throw new FormatException("OTEL_EXPORTER_OTLP_ENDPOINT: expected an address such as http://127.0.0.1:4317");
        return new(otlp, Variable("OTEL_EXPORTER_OTLP_PROTOCOL") == "http/protobuf", Variable("APPLICATIONINSIGHTS_CONNECTION_STRING"));
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
