using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Audit;
using ChatOps.Core.Policy;

namespace ChatOps.Bot.Web.Api;

/// <summary>
/// An answer to the page. Every text in it goes through what is hidden from the reader, here and once, as every answer in chat does
/// (<see cref="Redaction"/>).
/// </summary>
/// <param name="Value">What is answered: a record of texts, numbers and lists.</param>
/// <param name="Hidden">What is hidden from who gets it.</param>
internal sealed record ApiAnswer(object Value, Redaction Hidden)
{
    /// <summary>A "no": it is an answer as any other, and not an error of the page.</summary>
    public static ApiAnswer No(Refusal refusal, Redaction hidden) => new(new RefusedJson(new(refusal.Sentence, refusal.Next)), hidden);

    /// <summary>As JSON.</summary>
    public string ToJson()
    {
        if (!Hidden.Hides)
            return JsonSerializer.Serialize(Value, Value.GetType(), JsonSerializerOptions.Web);
        var node = JsonSerializer.SerializeToNode(Value, Value.GetType(), JsonSerializerOptions.Web);
        return Without(node)?.ToJsonString() ?? "null";
    }

    // Text by text, before anything is escaped: a mark of escaping in front of an address would hide it from whoever looks for addresses.
    private JsonNode? Without(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject record:
                foreach (var (name, value) in record.ToList())
                    Replace(value, v => record[name] = v);
                return record;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    var at = i;
                    Replace(list[i], v => list[at] = v);
                }

                return list;
            default:
                return node;
        }
    }

    private void Replace(JsonNode? value, Action<JsonNode> set)
    {
        if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String)
            set(JsonValue.Create(Hidden.Hide(text.GetValue<string>())));
        else
            Without(value);
    }

    private sealed record RefusedJson(RefusalJson Refusal);

    private sealed record RefusalJson(string Sentence, ImmutableArray<string> Next);
}
