using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Bot.Configuration;

/// <summary>
/// Reads the names of roles: those that are always there, and the file's own, which it has to list, so that a slip of the pen makes no new
/// one.
/// </summary>
internal sealed class RoleReader(ImmutableArray<Role> own)
{
    public string Expected { get; } = Words([.. Role.BuiltIn, .. own]);

    public static ImmutableArray<Role> Own(JsonValue? json)
    {
        var seen = new HashSet<Role>(Role.BuiltIn);
        return json?.Values("a list of names for roles", NameOf) ?? [];

        Role? NameOf(JsonValue value)
        {
            if (value.Text() is not { } text)
                return null;
            if (Name<Role>.TryParse(text, out var name) && name.ToString() == text && seen.Add(Role.Named(text)))
                return Role.Named(text);
            value.Wrong<string>($"another name than {Words([.. seen])}, in small letters, digits and hyphens");
            return null;
        }
    }

    /// <summary>One role; null when it is none.</summary>
    public Role? Read(JsonValue? json)
    {
        if (json?.Text() is not { } text)
            return null;
        var role = Role.Named(text);
        if (Role.BuiltIn.Contains(role) || own.Contains(role))
            return role;
        json.Wrong<string>(Expected);
        return null;
    }

    public ImmutableArray<Role>? List(JsonValue? json) => json?.Values("a list of roles", Read);

    public ImmutableDictionary<string, Role>? Map(JsonValue? json)
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

    private static string Words(Role[] roles) => $"{string.Join(", ", roles.SkipLast(1).Select(r => r.Name()))} or {roles[^1].Name()}";
}
