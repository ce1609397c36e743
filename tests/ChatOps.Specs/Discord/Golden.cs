using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChatOps.StandIns.Discord;

namespace ChatOps.Specs.Discord;

/// <summary>
/// What a person sees after each step, message by message, as JSON: the golden transcripts. A message that has not changed is not repeated.
/// </summary>
internal sealed partial class Golden(DiscordTeam team)
{
    private static readonly string[] Shown = ["content", "embeds", "components", "flags"];

    private readonly JsonArray _steps = [];
    private readonly HashSet<string> _seen = [];

    public void Add(string step, StandInPerson sees)
    {
        var places = new[] { ("edge", sees.Sees(team.Edge)), ("edge-notices", sees.Sees(team.Notices)), ("direct", sees.SeesDirectly()) };
        var messages = places
            .SelectMany(p => p.Item2.Select(m => JsonOf(p.Item1, m)))
            .Where(m => _seen.Add(m.ToJsonString()))
            .OrderBy(m => m.ToJsonString(), StringComparer.Ordinal);
        _steps.Add(new JsonObject { ["step"] = step, ["messages"] = new JsonArray([.. messages]) });
    }

    public void Match(string name, [CallerFilePath] string caller = "") =>
        Snapshot.Match(name, _steps.ToJsonString(Transcript.Options) + "\n", caller: caller);

    private JsonObject JsonOf(string place, SeenMessage message)
    {
        var json = new JsonObject { ["in"] = place };
        foreach (var field in Shown)
            json[field] = message.Json[field]!.DeepClone();
        json["files"] = new JsonArray([.. message.Files.Keys.Order().Select(k => (JsonNode)k)]);
        var text = json.ToJsonString(Transcript.Options).Replace(team.Edge.Id, "EDGE", StringComparison.Ordinal);
        text = Length().Replace(Moment().Replace(text, "2026-01-01 00:00:00"), "0 ${unit}");
        return JsonNode.Parse(Lines().Replace(text, "+0 -0"))!.AsObject();
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")]
    private static partial Regex Moment();

    [GeneratedRegex(@"\b\d+ (?<unit>ms|s|min)\b")]
    private static partial Regex Length();

    // What a template writes is in the snapshots of the rendered files.
    [GeneratedRegex(@"\+\d+ -\d+\b")]
    private static partial Regex Lines();
}
