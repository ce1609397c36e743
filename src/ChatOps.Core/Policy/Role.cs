using System.Collections.Immutable;
using ChatOps.Core.Values;

namespace ChatOps.Core.Policy;

/// <summary>What a person may do. Chat roles map to these by configuration.</summary>
public enum Role
{
    /// <summary>May look.</summary>
    Viewer,

    /// <summary>May look and propose changes.</summary>
    Operator,

    /// <summary>May look, approve and deny.</summary>
    Approver,

    /// <summary>May all of it, except approve what they proposed themselves.</summary>
    Admin,
}

/// <summary>A person who speaks, with the roles that configuration gives them.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Roles">Their roles; empty for someone unknown, who may do nothing.</param>
public sealed record Speaker(Actor Actor, ImmutableArray<Role> Roles)
{
    /// <summary>The time zone that they read and type times in; null for the server's.</summary>
    public TimeZoneInfo? Zone { get; init; }

    /// <summary>Now, by their clock.</summary>
    public DateTimeOffset Now(TimeProvider clock) => TimeZoneInfo.ConvertTime(clock.GetUtcNow(), Zone ?? clock.LocalTimeZone);

    /// <summary>True when one of the roles is, or includes, <paramref name="role"/>.</summary>
    public bool Has(Role role) => Roles.Include(role);
}

/// <summary>The written forms of roles.</summary>
public static class RoleNames
{
    /// <summary>The lower-case name.</summary>
    public static string Name(this Role role) =>
        role switch
        {
            Role.Viewer => "viewer",
            Role.Operator => "operator",
            Role.Approver => "approver",
            _ => "admin",
        };

    /// <summary>True when one of the roles is, or includes, another: an admin has all, and whoever has one may look.</summary>
    public static bool Include(this IEnumerable<Role> roles, Role role) => roles.Any(r => r == role || r == Role.Admin || role == Role.Viewer);

    /// <summary>Reads a role's name.</summary>
    public static bool TryParse(string text, out Role role)
    {
        foreach (var candidate in Enum.GetValues<Role>())
        {
            role = candidate;
            if (candidate.Name() == text)
                return true;
        }

        role = default;
        return false;
    }
}
