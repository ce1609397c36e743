namespace ChatOps.Telemetry;

/// <summary>The collector that takes telemetry.</summary>
/// <param name="Otlp">Its address; null for none.</param>
/// <param name="IsHttp">OTLP over HTTP with protobuf instead of gRPC.</param>
public sealed record TelemetrySettings(Uri? Otlp, bool IsHttp)
{
    /// <summary>
    /// What the usual variables say: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and <c>_PROTOCOL</c>.
    /// </summary>
    /// <exception cref="FormatException">The endpoint is no address.</exception>
    public static TelemetrySettings FromEnvironment()
    {
        var endpoint = Variable("OTEL_EXPORTER_OTLP_ENDPOINT");
        Uri? otlp = null;
        if (endpoint is not null && !Uri.TryCreate(endpoint, UriKind.Absolute, out otlp))
            throw new FormatException("OTEL_EXPORTER_OTLP_ENDPOINT: expected an address such as http://127.0.0.1:4317");
        return new(otlp, Variable("OTEL_EXPORTER_OTLP_PROTOCOL") == "http/protobuf");
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
