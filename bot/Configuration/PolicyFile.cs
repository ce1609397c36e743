using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChatOps.Core.Commands;
using ChatOps.Core.Policy;
using ChatOps.Core.Values;

namespace ChatOps.Bot.Configuration;

/// <summary>Who is who and who may what, read from a JSON file. The file that comes with the program is the documented example.</summary>
/// <param name="Users">The people of the local edition.</param>
/// <param name="Policy">The exceptions from the catalogue.</param>
/// <param name="Discord">The server of Discord, or null.</param>
public sealed record PolicyFile(ImmutableArray<Speaker> Users, ChangePolicy Policy, DiscordSection? Discord = null)
{
    /// <summary>Their accounts elsewhere.</summary>
    public Accounts Accounts { get; init; } = Accounts.None;

    /// <summary>The OpenID Connect provider that people sign in to the page at, or null.</summary>
    public OidcSection? Oidc { get; init; }

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Reads a file; throws <see cref="ConfigurationException"/> that says where it is wrong and what was expected.</summary>
    public static PolicyFile Load(string path)
    {
        try
        {
            var json = JsonSerializer.Deserialize<FileJson>(File.ReadAllText(path), Options) ?? throw new JsonException("the file is empty");
            var zone = ZoneOf(json.TimeZone, "timeZone");
            var (users, accounts) = (ImmutableArray.CreateBuilder<Speaker>(), Accounts.None);
            foreach (var (i, user) in (json.Users ?? []).Index())
            {
                users.Add(UserOf(user, zone, i));
                accounts = accounts.With(users[i], user.Discord, user.Entra, $"users[{i}]").WithPrograms(users[i], UnixOf(user.Unix, $"users[{i}]"), user.Token, $"users[{i}]").WithOidc(users[i], user.Oidc, $"users[{i}]");
            }

            return new(users.ToImmutable(), PolicyOf(json), json.Discord) { Accounts = accounts, Oidc = json.Oidc };
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or FormatException)
        {
            throw new ConfigurationException($"{path}: {e.Message}", e);
        }
    }

    private static bool IsAutomatic(string? repair) =>
        repair switch
        {
            null or "asked" => false,
            "automatic" => true,
            _ => throw new FormatException($"repair: expected asked or automatic, found \"{repair}\""),
        };

    private static ChangePolicy PolicyOf(FileJson json)
    {
        var policy = new ChangePolicy([.. (json.Rules ?? []).Select(RuleOf)], IsAutomatic(json.Repair), json.RecordQuestions);
        return json.PeersShownTo is { } roles ? policy with { PeersShownTo = [.. roles.Select((r, i) => RoleOf(r, $"peersShownTo[{i}]"))] } : policy;
    }

    // Names of the tz database; they need no cultures, so they are there under invariant globalization too.
    private static TimeZoneInfo? ZoneOf(string? name, string at) =>
        name is null ? null
        : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone
        : throw new FormatException($"{at}: expected a time zone such as Europe/Berlin, found \"{name}\"");

    private static Speaker UserOf(UserJson user, TimeZoneInfo? zone, int index)
    {
        var at = $"users[{index}]";
        var id = user.Id is { Length: > 0 } text ? text : throw new FormatException($"{at}.id: expected a name");
        return new(new Actor("local", id, user.Name ?? id), [.. (user.Roles ?? []).Select((r, i) => RoleOf(r, $"{at}.roles[{i}]"))])
        {
            Zone = ZoneOf(user.TimeZone, $"{at}.timeZone") ?? zone,
        };
    }

    // Both "unix": "alice" and "unix": 1000.
    private static string? UnixOf(JsonElement? unix, string at) =>
        unix switch
        {
            null => null,
            { ValueKind: JsonValueKind.String or JsonValueKind.Number } value => value.ToString(),
            _ => throw new FormatException($"{at}.unix: expected the name or the number of an account on this machine"),
        };

    private static PolicyRule RuleOf(RuleJson rule, int index)
    {
        var at = $"rules[{index}]";
        var commands = rule.Commands is { Length: > 0 } some ? some : throw new FormatException($"{at}.commands: expected names of commands");
        if (commands.FirstOrDefault(c => Catalogue.All.All(s => s.Name != c)) is { } unknown)
            throw new FormatException($"{at}.commands: no command \"{unknown}\"");
        var (from, to) = PortsOf(rule.Ports, $"{at}.ports");
        if (rule.Approvals is < 0 or > 10)
            throw new FormatException($"{at}.approvals: expected 0 to 10");
        Protocol? protocol = rule.Protocol switch
        {
            null => null,
            "tcp" => Protocol.Tcp,
            "udp" => Protocol.Udp,
            _ => throw new FormatException($"{at}.protocol: expected tcp or udp"),
        };
        return new([.. commands], from, to, protocol, RoleOf(rule.Who ?? "operator", $"{at}.who"), rule.Approvals, RoleOf(rule.Approver ?? "approver", $"{at}.approver"));
    }

    private static (Port? From, Port? To) PortsOf(string? text, string at)
    {
        if (text is null)
            return (null, null);
        var ends = text.Split('-');
        return ends.Length <= 2 && Port.TryParse(ends[0], out var from) && Port.TryParse(ends[^1], out var to) && from.Number <= to.Number
            ? (from, to)
            : throw new FormatException($"{at}: expected a port or a range such as 1-1023, found \"{text}\"");
    }

    private static Role RoleOf(string text, string at) =>
        RoleNames.TryParse(text, out var role) ? role : throw new FormatException($"{at}: expected viewer, operator, approver or admin, found \"{text}\"");

    private sealed record FileJson(
        [property: JsonPropertyName("$comment")] string? Comment,
        UserJson[]? Users,
        RuleJson[]? Rules,
        string? Repair,
        string? TimeZone,
        bool RecordQuestions,
        string[]? PeersShownTo,
        DiscordSection? Discord,
        OidcSection? Oidc
    );

    private sealed record UserJson(string? Id, string? Name, string[]? Roles, string? TimeZone, string? Discord, string? Entra, string? Oidc, JsonElement? Unix, string? Token);

    private sealed record RuleJson(string[]? Commands, string? Ports, string? Protocol, string? Who, int Approvals, string? Approver);
}

/// <summary>A setting is missing or wrong; the message names it, and the process ends with code 2.</summary>
public sealed class ConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
