using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ChatOps.Core.Domain.Gateways;

namespace ChatOps.Core.Domain.Changes;

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
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { SortMembers } },
        };

    // As RFC 8785 wants them, so that most events come out of the serializer in their canonical form already.
    private static void SortMembers(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;
        var sorted = type.Properties.OrderBy(p => p.Name, StringComparer.Ordinal).ToList();
        for (var i = 0; i < sorted.Count; i++)
            sorted[i].Order = i;
    }

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
            writer.WritePropertyName("data");
            JsonSerializer.Serialize(writer, value, value.GetType(), options);
            writer.WriteString("type", EventTypes.NameOf(value));
            writer.WriteEndObject();
        }
    }
}
