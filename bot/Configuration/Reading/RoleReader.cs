using System.Collections.Immutable;
using ChatOps.Core.Policy;

namespace ChatOps.Bot.Configuration.Reading;

/// <summary>Reads the names of roles.</summary>
internal static class RoleReader
{
    /// <summary>What a role is, for a sentence.</summary>
    public const string Expected = "viewer, operator, approver or admin";

    /// <summary>One role; null when it is none.</summary>
    public static Role? Read(JsonValue? json)
    {
        if (json?.Text() is not { } text)
            return null;
        if (RoleNames.TryParse(text, out var role))
            return role;
        json.Wrong<string>(Expected);
        return null;
    }

    /// <summary>A list of roles.</summary>
    public static ImmutableArray<Role>? List(JsonValue? json) => json?.Values("a list of roles", Read);

    /// <summary>Roles by the names of something elsewhere.</summary>
    public static ImmutableDictionary<string, Role>? Map(JsonValue? json)
    {
        if (json?.Object("an object with our role for each name there") is not { } members)
            return null;
        var roles = ImmutableDictionary.CreateBuilder<string, Role>(StringComparer.Ordinal);
        foreach (var name in members.Names.ToList())
        {
            if (Read(members.Find(name)) is { } role)
                roles.Add(name, role);
        }

        return roles.ToImmutable();
    }
}
