using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Replies;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Bot.Web.Api;

/// <summary>
/// An answer to the page. Every text in it is read for who gets it, here and once: without what is hidden from them, and by their clock
/// (<see cref="Reading"/>).
/// </summary>
/// <param name="Value">What is answered: a record of texts, numbers and lists.</param>
internal sealed record ApiAnswer(object Value, QueryContext QueryContext)
{
    // What a person said stays as it was said.
    private static readonly string[] Said = ["line", "reason"];

    private readonly Reading _reading = new(QueryContext.Hidden, QueryContext.Zone);

    /// <summary>A "no": it is an answer as any other, and not an error of the page.</summary>
    public static ApiAnswer No(Refusal refusal, QueryContext asker) => new(new RefusedJson(new(refusal.Sentence, refusal.Next)), asker);

    public string ToJson()
    {
        var json = JsonSerializer.Serialize(Value, Value.GetType(), JsonSerializerOptions.Web);
        return _reading.Changes(json) ? Read(JsonNode.Parse(json))?.ToJsonString() ?? "null" : json;
    }

    // Text by text, before anything is escaped: a mark of escaping in front of an address would hide it from whoever looks for addresses.
    private JsonNode? Read(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject record:
                foreach (var (name, value) in record.ToList())
                    Replace(value, Said.Contains(name) ? _reading.Hidden.Hide : _reading.Of, v => record[name] = v);
                return record;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    var at = i;
                    Replace(list[i], _reading.Of, v => list[at] = v);
                }

                return list;
            default:
                return node;
        }
    }

    private void Replace(JsonNode? value, Func<string, string> read, Action<JsonNode> set)
    {
        if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String)
            set(JsonValue.Create(read(text.GetValue<string>())));
        else
            Read(value);
    }

    private sealed record RefusedJson(RefusalJson Refusal);

    private sealed record RefusalJson(string Sentence, ImmutableArray<string> Next);
}
