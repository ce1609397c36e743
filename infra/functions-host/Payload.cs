using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatOps.FunctionsHost;

/// <summary>
/// What the handler is called with: <c>Data</c> by the trigger's name, and <c>Metadata</c>. Strings and scalars stand in it as JSON text in a string,
/// so a queue's text <c>hello</c> as <c>"\"hello\""</c> and a count as <c>"1"</c>; dates stand as they are.
/// </summary>
internal static class Payload
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The body of a call.</summary>
    /// <param name="function">Which function.</param>
    /// <param name="binding">The trigger's name.</param>
    /// <param name="data">What set it off.</param>
    /// <param name="metadata">What else is known of it.</param>
    /// <param name="now">The time.</param>
    public static string Of(string function, string binding, JsonNode data, JsonObject metadata, DateTimeOffset now)
    {
        metadata["sys"] = new JsonObject
        {
            ["MethodName"] = function,
            ["UtcNow"] = Date(now),
            ["RandGuid"] = Guid.NewGuid().ToString(),
        };
        return new JsonObject { ["Data"] = new JsonObject { [binding] = data }, ["Metadata"] = metadata }.ToJsonString(Relaxed);
    }

    /// <summary>A string, encoded once more than JSON asks for.</summary>
    public static JsonNode Twice(string text) => JsonValue.Create(JsonSerializer.Serialize(text, Relaxed));

    /// <summary>A number as JSON text in a string.</summary>
    public static JsonNode Scalar(long number) => JsonValue.Create(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A date.</summary>
    public static string Date(DateTimeOffset moment) => moment.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
}
