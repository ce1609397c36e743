namespace ChatOps.Core.Domain.Values;

/// <summary>Who did something. The id says who it is; the name is only shown.</summary>
/// <param name="Platform">Where the id is valid: <c>local</c>, <c>discord</c>, <c>oidc</c>, or <c>system</c> for our own steps.</param>
/// <param name="Id">The platform's stable id of the person.</param>
/// <param name="Name">The display name at that time.</param>
public sealed record Actor(string Platform, string Id, string Name)
{
    /// <summary>The Apply step, which changes gateways.</summary>
    public static Actor Apply { get; } = new("system", "apply", "apply");

    /// <summary>The Reconcile step: expiry and what is overdue.</summary>
    public static Actor Reconcile { get; } = new("system", "reconcile", "reconcile");

    /// <summary>What the configuration says at start.</summary>
    public static Actor Configuration { get; } = new("system", "configuration", "configuration");

    /// <summary>True when both are the same person, whatever their names are now.</summary>
    public bool IsSameAs(Actor other) => Platform == other.Platform && Id == other.Id;
}
