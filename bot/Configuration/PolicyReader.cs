using System.Collections.Immutable;
using System.Text.Json;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Bot.Configuration;

/// <summary>Reads the policy file. A file with a mistake is refused as a whole: what it was to hold back would otherwise be open.</summary>
internal static class PolicyReader
{
    public static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <exception cref="ConfigurationException">All that is wrong.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static PolicyFile Read(string file, string text)
    {
        using var json = JsonDocument.Parse(text, Options);
        var problems = new Problems();
        var policy = new JsonValue(json.RootElement, "", problems).Object() is { } members ? Read(members, problems) : null;
        problems.Throw(file);
        return policy! with { Path = file, Source = text };
    }

    private static PolicyFile Read(JsonMembers members, Problems problems)
    {
        members.Find("$schema")?.Text();
        members.Find("$comment")?.Text();
        var zone = ZoneOf(members.Find("timeZone"));
        var own = RoleReader.Own(members.Find("roles"));
        var roles = new RoleReader(own);
        var (users, accounts) = PeopleOf(members.Find("users"), zone, roles, problems);
        var peopleAreKnown = problems.Count == 0;
        var rules = members.Find("rules")?.List("a list of rules", new RuleReader(roles, problems).Read) ?? [];
        var policy = new ChangePolicy(rules, IsAutomatic(members.Find("repair")), members.Find("recordQuestions")?.Flag() ?? false)
        {
            OwnRoles = own,
        };
        if (roles.List(members.Find("peersShownTo")) is { } shown)
            policy = policy with { PeersShownTo = shown };
        var file = new PolicyFile(users, policy, DiscordSection.Read(members.Find("discord"), roles))
        {
            Accounts = accounts,
            Oidc = OidcSection.Read(members.Find("oidc"), roles),
        };
        members.End();
        foreach (
            var (place, sentence) in PolicyCheck.Shadowed(rules).Concat(peopleAreKnown ? PolicyCheck.Unreachable(rules, file.Team) : [])
        )
            problems.Add(place, sentence);
        return file;
    }

    private static (ImmutableArray<Speaker>, Accounts) PeopleOf(JsonValue? json, TimeZoneInfo? zone, RoleReader roles, Problems problems)
    {
        var (places, accounts) = (new Dictionary<string, string>(StringComparer.Ordinal), Accounts.None);
        var users = json?.List("a list of people", UserOf) ?? [];
        return (users, accounts);

        Speaker? UserOf(JsonValue value)
        {
            if (value.Object() is not { } entry)
                return null;
            var id = IdOf(entry.Get("id", "a name"), places, value.Place, problems);
            var user = new Speaker(
                new Actor("local", id ?? "", entry.Find("name")?.Text() ?? id ?? ""),
                roles.List(entry.Find("roles")) ?? []
            )
            {
                Zone = ZoneOf(entry.Find("timeZone")) ?? zone,
            };
            accounts = accounts.With(user, entry, problems);
            entry.End();
            return user;
        }
    }

    private static string? IdOf(JsonValue? json, Dictionary<string, string> places, string place, Problems problems)
    {
        if (json?.Text() is not { } id)
            return null;
        if (id.Length == 0)
            return json.Wrong<string>("a name");
        if (!places.TryAdd(id, place))
            problems.Add(json.Place, $"{id} is the id of {places[id]} already");
        return id;
    }

    private static bool IsAutomatic(JsonValue? json)
    {
        var text = json?.Text();
        if (text is not (null or "asked" or "automatic"))
            json!.Wrong<string>("asked or automatic");
        return text == "automatic";
    }

    // Names of the tz database; they need no cultures, so they are there under invariant globalization too.
    private static TimeZoneInfo? ZoneOf(JsonValue? json)
    {
        if (json?.Text() is not { } name)
            return null;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
            return zone;
        json.Wrong<string>("a time zone such as Europe/Berlin");
        return null;
    }
}
