using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChatOps.Core.Gateways;

namespace ChatOps.Core.Log;

/// <summary>How events are written as JSON: camel case, no nulls, an effect inside a proposal with its stored name.</summary>
public static class EventJson
{
    /// <summary>The serializer's settings. Unknown members are refused, so that nothing is read half.</summary>
    public static JsonSerializerOptions Options { get; } =
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new EffectConverter() },
        };

    private sealed class EffectConverter : JsonConverter<Effect>
    {
        public override Effect Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            var name = document.RootElement.GetProperty("type").GetString() ?? "";
            return EventTypes.FromJson(name, document.RootElement.GetProperty("data")) as Effect
                ?? throw new JsonException($"{name} is not an effect");
        }

        public override void Write(Utf8JsonWriter writer, Effect value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString("type", EventTypes.NameOf(value));
            writer.WritePropertyName("data");
            EventTypes.ToJson(value).WriteTo(writer);
            writer.WriteEndObject();
        }
    }
}
