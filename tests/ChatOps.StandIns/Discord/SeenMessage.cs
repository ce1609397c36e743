using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;

namespace ChatOps.StandIns.Discord;

/// <summary>A message as a person sees it at one moment.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Channel">Where.</param>
/// <param name="Json">As Discord has it.</param>
/// <param name="Files">The contents of its files.</param>
public sealed record SeenMessage(string Id, string Channel, JsonObject Json, ImmutableDictionary<string, byte[]> Files)
{
    private const int Ephemeral = 1 << 6;
    private const int Loading = 1 << 7;

    /// <summary>Its text, without embeds.</summary>
    public string Content => Json["content"]!.ToString();

    /// <summary>The id of who wrote it.</summary>
    public string Author => Json["author"]!["id"]!.ToString();

    /// <summary>True when only one person sees it.</summary>
    public bool IsEphemeral => ((int)Json["flags"]! & Ephemeral) != 0;

    /// <summary>True while "thinking" is shown.</summary>
    public bool IsLoading => ((int)Json["flags"]! & Loading) != 0;

    /// <summary>The colour of the first embed.</summary>
    public int? Color => (int?)(Json["embeds"]!.AsArray().FirstOrDefault()?["color"]);

    /// <summary>The labels of the buttons that can be pressed.</summary>
    public ImmutableArray<string> Buttons =>
        [.. ButtonsJson.Where(b => b["disabled"]?.GetValue<bool>() != true).Select(b => b["label"]!.ToString())];

    /// <summary>All that can be read: content, embeds, names of files, in this order.</summary>
    public string Text
    {
        get
        {
            var text = new StringBuilder(Content);
            foreach (var embed in Json["embeds"]!.AsArray())
            {
                Line(text, embed!["title"]);
                Line(text, embed["description"]);
                foreach (var pair in embed["fields"]?.AsArray() ?? [])
                    Line(text, $"{pair!["name"]}: {pair["value"]}");
                Line(text, embed["footer"]?["text"]);
            }

            foreach (var file in Json["attachments"]!.AsArray())
                Line(text, $"[{file!["filename"]}]");
            return text.ToString();
        }
    }

    /// <summary>The content of a file.</summary>
    public string File(string name) => Encoding.UTF8.GetString(Files[name]);

    internal IEnumerable<JsonNode> ButtonsJson =>
        Json["components"]!.AsArray().SelectMany(r => r!["components"]!.AsArray()).Select(b => b!);

    private static void Line(StringBuilder text, JsonNode? line) => Line(text, line?.ToString());

    private static void Line(StringBuilder text, string? line)
    {
        if (string.IsNullOrEmpty(line))
            return;
        if (text.Length > 0)
            text.Append('\n');
        text.Append(line);
    }
}
