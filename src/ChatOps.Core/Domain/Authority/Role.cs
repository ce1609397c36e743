using System.Collections.Immutable;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Authority;

/// <summary>
/// What a person may do, by its lower-case name. Chat roles map to these by configuration. Besides the four below a policy file may name
/// its own.
/// </summary>
public readonly record struct Role : IComparable<Role>
{
    private static readonly Role[] Ranks = [Viewer, Operator, Approver, Admin];

    // Null for the least of them, so that whatever was not set may only look.
    private readonly string? _name;

    private Role(string name) => _name = name == "viewer" ? null : name;

    /// <summary>The role that may look and may change nothing.</summary>
    public static Role Viewer => default;

    /// <summary>May look and propose changes.</summary>
    public static Role Operator => new("operator");

    /// <summary>May look, approve and deny.</summary>
    public static Role Approver => new("approver");

    /// <summary>May all of it, except approve what they proposed themselves.</summary>
    public static Role Admin => new("admin");

    /// <summary>Those that are always there.</summary>
    public static ImmutableArray<Role> BuiltIn => [.. Ranks];

    /// <summary>One of a policy file's own: whoever has it may look, and may give and approve what a rule names it for.</summary>
    public static Role Named(string name) => new(name);

    /// <summary>The role's name as policy files have it; a role that was never set is a viewer.</summary>
    public string Name() => _name ?? "viewer";

    /// <summary>The order of lists: those that are always there first, then by name.</summary>
    public int CompareTo(Role other) => (Rank, Name()).CompareTo((other.Rank, other.Name()));

    private int Rank => Array.IndexOf(Ranks, this) is >= 0 and var rank ? rank : Ranks.Length;

    /// <inheritdoc/>
    public override string ToString() => Name();
}

/// <summary>A person who speaks, with the roles that configuration gives them.</summary>
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

internal static class Roles
{
    /// <summary>True when one of the roles is, or includes, another: an admin has all, and whoever has one may look.</summary>
    public static bool Include(this IEnumerable<Role> roles, Role role) =>
        roles.Any(r => r == role || r == Role.Admin || role == Role.Viewer);
}
