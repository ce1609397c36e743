using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ChatOps.StandIns.Discord;

/// <summary>Discord's rules for slash commands.</summary>
internal static partial class CommandCheck
{
    private const int MaxCommands = 100;
    private const int MaxCharacters = 8000;
    private const int Subcommand = 1;
    private const int SubcommandGroup = 2;

    public static Findings Check(JsonArray commands)
    {
        var found = new Findings();
        var names = new HashSet<string>();
        if (commands.Count > MaxCommands)
            found.Add("", "BASE_TYPE_MAX_LENGTH", $"Must be {MaxCommands} or fewer in length.");
        foreach (var (command, path) in commands.OfType<JsonObject>().Select((c, i) => (c, $"{i}")))
        {
            found.Fields(
                command,
                path,
                ["name"],
                "name_localizations",
                "description",
                "description_localizations",
                "options",
                "default_member_permissions",
                "dm_permission",
                "integration_types",
                "contexts",
                "type",
                "nsfw",
                "id",
                "handler"
            );
            Name(found, command, path);
            found.Text(command, path, "description", 1, 100);
            if (command["description"] is null)
                found.Add($"{path}.description", "BASE_TYPE_REQUIRED", "This field is required");
            if (!names.Add(command["name"]?.ToString() ?? ""))
                found.Add(path, "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique");
            var characters = Characters(command) + Options(found, command, path, 0);
            if (characters > MaxCharacters)
                found.Add(path, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)");
        }

        return found;
    }

    private static int Options(Findings found, JsonObject of, string path, int depth)
    {
        var (characters, isOptional) = (0, false);
        var names = new HashSet<string>();
        foreach (var (option, at) in found.List(of, path, "options", 25))
        {
            found.Fields(
                option,
                at,
                ["type", "name", "description"],
                "name_localizations",
                "description_localizations",
                "required",
                "choices",
                "options",
                "channel_types",
                "min_value",
                "max_value",
                "min_length",
                "max_length",
                "autocomplete"
            );
            Name(found, option, at);
            found.Text(option, at, "description", 1, 100);
            found.Number(option, at, "type", 1, 11);
            found.Number(option, at, "max_length", 1, 6000);
            found.Flag(option, at, "required");
            if (!names.Add(option["name"]?.ToString() ?? ""))
                found.Add(at, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists");
            var isRequired = option["required"]?.GetValue<bool>() ?? false;
            if (isRequired && isOptional)
                found.Add(
                    at,
                    "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                    "Required options must be placed before non-required options"
                );
            isOptional |= !isRequired;
            if (option["choices"] is JsonArray { Count: > 0 })
                ComponentCheck.Choices(found, option, at);
            if (option["choices"] is JsonArray { Count: > 0 } && option["autocomplete"]?.GetValue<bool>() == true)
                found.Add(at, "APPLICATION_COMMAND_AUTOCOMPLETE_NO_CHOICES_SUPPORT", "Autocomplete can not be used with choices");
            var type = (int?)option["type"] ?? 0;
            if (option["options"] is not null && (type is not (Subcommand or SubcommandGroup) || depth > 1))
                found.Add($"{at}.options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Only subcommands have options");
            characters += Characters(option) + Options(found, option, at, depth + 1);
        }

        return characters;
    }

    private static void Name(Findings found, JsonObject of, string path)
    {
        if (of["name"]?.ToString() is { } name && !NamePattern().IsMatch(name))
            found.Add($"{path}.name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
    }

    private static int Characters(JsonObject of) => (of["name"]?.ToString().Length ?? 0) + (of["description"]?.ToString().Length ?? 0);

    [GeneratedRegex(@"^[-_a-z0-9]{1,32}$")]
    private static partial Regex NamePattern();
}
