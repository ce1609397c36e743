using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;
using ChatOps.Discord;
using Role = ChatOps.Core.Domain.Authority.Role;

namespace ChatOps.Bot.Configuration;

/// <summary>
/// The section <c>oidc</c> of the policy file, as it stands there: the OpenID Connect provider that people sign in to the page at. Our
/// secret there is not in it: it comes from the environment, as <c>Oidc__ClientSecret</c> or as a file that <c>Oidc__ClientSecretFile</c>
/// names.
/// </summary>
/// <param name="Issuer">The provider: its discovery document is below this address.</param>
/// <param name="ClientId">What the provider calls us.</param>
/// <param name="Scopes">What is asked for besides <c>openid</c> and <c>profile</c>.</param>
/// <param name="GroupClaim">The claim with the names of somebody's groups.</param>
/// <param name="Groups">Our role for each group.</param>
/// <param name="Hours">How long one is signed in; 8 when it is not given.</param>
public sealed record OidcSection(
    string? Issuer,
    string? ClientId,
    string[]? Scopes,
    string? GroupClaim,
    ImmutableDictionary<string, Role>? Groups,
    int? Hours
)
{
    private const int Usual = 8;
    private const int MaxHours = 7 * 24;

    /// <summary>Reads it; null when it is not there, or no object.</summary>
    internal static OidcSection? Read(JsonValue? json, RoleReader roles)
    {
        if (json?.Object() is not { } members)
            return null;
        var section = new OidcSection(
            members.Find("issuer")?.Text(),
            members.Find("clientId")?.Text(),
            members.Find("scopes")?.List("a list of names", v => v.Text())?.ToArray(),
            members.Find("groupClaim")?.Text(),
            roles.Map(members.Find("groups")),
            members.Find("hours")?.Number(1, MaxHours)
        );
        members.Refuse(
            "clientSecret",
            "a secret does not belong into this file. Next: set Oidc__ClientSecret, or Oidc__ClientSecretFile to a file that only this user can read"
        );
        members.End();
        return section;
    }

    /// <summary>Makes the settings of the section, with the client secret from the environment.</summary>
    /// <param name="people">The people of the policy file by their subject at the provider.</param>
    /// <param name="setting">Looks up a setting of the process, such as <c>Oidc:ClientSecret</c>; in the environment that is
    /// <c>Oidc__ClientSecret</c>.</param>
    /// <exception cref="ConfigurationException">Something is missing or wrong.</exception>
    public OidcSettings Settings(ImmutableDictionary<string, Speaker> people, Func<string, string?> setting)
    {
        if (
            !Uri.TryCreate(Issuer, UriKind.Absolute, out var issuer)
            || !(issuer.Scheme == Uri.UriSchemeHttps || issuer is { Scheme: "http", IsLoopback: true })
        )
            throw Wrong("issuer", "the provider's address, such as https://login.example.com", Issuer);
        if (ClientId is not { Length: > 0 })
            throw Wrong("clientId", "the id that the provider has given", null);
        if (GroupClaim is null && Groups is { Count: > 0 })
            throw Wrong("groupClaim", "the claim with somebody's groups, such as groups, because there are groups", null);
        return new(
            issuer,
            ClientId,
            SecretOf(setting),
            [.. Scopes ?? []],
            GroupClaim,
            Groups ?? ImmutableDictionary<string, Role>.Empty,
            TimeSpan.FromHours(Hours ?? Usual),
            people
        );
    }

    private static Secret? SecretOf(Func<string, string?> setting)
    {
        if (setting("Oidc:ClientSecret")?.Trim() is { Length: > 0 } secret)
            return new(secret);
        if (setting("Oidc:ClientSecretFile") is not { Length: > 0 } path)
            return null;
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } text
                ? new(text)
                : throw new ConfigurationException($"Oidc__ClientSecretFile: {path} is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"Oidc__ClientSecretFile: {e.Message}", e);
        }
    }

    private static ConfigurationException Wrong(string at, string expected, string? found) =>
        new($"oidc.{at}: expected {expected}, found {(found is null ? "nothing" : $"\"{found}\"")}");
}
