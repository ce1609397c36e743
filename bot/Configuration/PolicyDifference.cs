using System.Text.Json;
using System.Text.RegularExpressions;

namespace ChatOps.Bot.Configuration;

/// <summary>
/// Where two policy files differ, as places in them and never as what stands there: that may name people, and goes into the log.
/// </summary>
internal static partial class PolicyDifference
{
    /// <summary>The places, such as <c>rules[2].approvals</c> and <c>users[3] is new</c>.</summary>
    public static IEnumerable<string> Between(PolicyFile one, PolicyFile other)
    {
        using var before = JsonDocument.Parse(one.Source, PolicyReader.Options);
        using var after = JsonDocument.Parse(other.Source, PolicyReader.Options);
        return [.. Between("", before.RootElement, after.RootElement)];
    }

    /// <summary>True for what counts only from the next start on: how people are recognized, and what the process has begun with.</summary>
    public static bool IsForLater(string place) => Later().IsMatch(place);

    [GeneratedRegex(@"^(discord|oidc|timeZone|repair)|^users\[\d+\]( is new|\.(?!roles))")]
    private static partial Regex Later();

    private static IEnumerable<string> Between(string place, JsonElement one, JsonElement other)
    {
        if (JsonElement.DeepEquals(one, other))
            return [];
        return (one.ValueKind, other.ValueKind) switch
        {
            (JsonValueKind.Object, JsonValueKind.Object) => InMembers(place, one, other),
            (JsonValueKind.Array, JsonValueKind.Array) => InItems(place, one, other),
            _ => [place],
        };
    }

    private static IEnumerable<string> InMembers(string place, JsonElement one, JsonElement other)
    {
        string In(string name) => place.Length == 0 ? name : $"{place}.{name}";
        foreach (var member in one.EnumerateObject())
        {
            foreach (
                var found in other.TryGetProperty(member.Name, out var now)
                    ? Between(In(member.Name), member.Value, now)
                    : [In(member.Name)]
            )
                yield return found;
        }

        foreach (var member in other.EnumerateObject().Where(m => !one.TryGetProperty(m.Name, out _)))
            yield return In(member.Name);
    }

    // Who has an id is the same wherever it stands; of anything else, such as rules, the place counts.
    private static IEnumerable<string> InItems(string place, JsonElement one, JsonElement other)
    {
        var (before, after) = (ByKey(one), ByKey(other));
        foreach (var (key, (i, item)) in before)
        {
            foreach (
                var found in after.TryGetValue(key, out var now)
                    ? Between($"{place}[{now.Index}]", item, now.Item)
                    : [$"{place}[{i}] is gone"]
            )
                yield return found;
        }

        foreach (var (key, (i, _)) in after.Where(a => !before.ContainsKey(a.Key)))
            yield return $"{place}[{i}] is new";
    }

    private static Dictionary<string, (int Index, JsonElement Item)> ByKey(JsonElement array) =>
        array
            .EnumerateArray()
            .Index()
            .ToDictionary(
                x =>
                    x.Item is { ValueKind: JsonValueKind.Object } item && item.TryGetProperty("id", out var id) ? $"id {id}" : $"{x.Index}",
                x => (x.Index, x.Item)
            );
}
