using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Words;
using ChatOps.Discord;
using Role = ChatOps.Core.Domain.Authority.Role;

namespace ChatOps.Bot.Configuration;

/// <summary>An OpenID Connect provider, and what its people are here.</summary>
/// <param name="ClientId">What it calls us.</param>
/// <param name="ClientSecret">Our secret there; null for a public client.</param>
/// <param name="Scopes">What is asked for besides <c>openid</c> and <c>profile</c>.</param>
/// <param name="GroupClaim">The claim with somebody's groups; null when only people of the policy file enter.</param>
/// <param name="Groups">Our role for each group.</param>
/// <param name="Lasts">How long one is signed in.</param>
/// <param name="People">The people of the policy file by their subject there.</param>
public sealed record OidcSettings(
    Uri Issuer,
    string ClientId,
    Secret? ClientSecret,
    ImmutableArray<string> Scopes,
    string? GroupClaim,
    ImmutableDictionary<string, Role> Groups,
    TimeSpan Lasts,
    ImmutableDictionary<string, Speaker> People
)
{
    private const int LongestName = 80;

    // As long as the standard lets a subject be.
    private const int LongestSubject = 255;

    /// <summary>
    /// Who somebody is here: the person of the policy file with that subject, or who the provider says. The roles of groups count besides
    /// those of the file. Null for whoever has no role. Who somebody is, is the subject; the name is only shown, so what could hide or turn
    /// text in it is taken out.
    /// </summary>
    /// <param name="subject">The provider's id of the person, which it gives to nobody else.</param>
    /// <param name="name">What the provider calls them; null when it says none.</param>
    public Speaker? SpeakerOf(string subject, string? name, IEnumerable<string> groups)
    {
        var roles = groups.Where(Groups.ContainsKey).Select(g => Groups[g]).Distinct().Order().ToImmutableArray();
        if (People.TryGetValue(subject, out var known))
            return known with { Roles = [.. known.Roles.Union(roles).Order()] };
        if (roles.IsEmpty || subject.Length is 0 or > LongestSubject || Tokens.Clean(subject, LongestSubject) != subject)
            return null;
        var shown = Tokens.Clean(name ?? "", LongestName);
        return new(new Actor("oidc", subject, shown.Length > 0 ? shown : subject), roles);
    }
}
