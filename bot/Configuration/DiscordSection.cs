using System.Collections.Immutable;
using ChatOps.Discord;
using Role = ChatOps.Core.Domain.Authority.Role;

namespace ChatOps.Bot.Configuration;

/// <summary>
/// The section <c>discord</c> of the policy file, as it stands there. The token is not in it: it comes from the environment, as
/// <c>Discord__Token</c> or as a file that <c>Discord__TokenFile</c> names.
/// </summary>
public sealed record DiscordSection(
    string? Guild,
    string[]? Channels,
    string? Notices,
    ImmutableDictionary<string, Role>? Roles,
    string? ApiBase,
    string? GatewayUrl,
    string? Listen,
    string? PublicKey,
    bool? Gateway
)
{
    private static readonly DiscordSection Empty = new(null, null, null, null, null, null, null, null, null);

    /// <summary>Reads it; null when it is not there, or no object.</summary>
    internal static DiscordSection? Read(JsonValue? json, RoleReader roles)
    {
        if (json?.Object() is not { } members)
            return null;
        var section = new DiscordSection(
            members.Find("guild")?.Text(),
            members.Find("channels")?.List("a list of ids", v => v.Text())?.ToArray(),
            members.Find("notices")?.Text(),
            roles.Map(members.Find("roles")),
            members.Find("apiBase")?.Text(),
            members.Find("gatewayUrl")?.Text(),
            members.Find("listen")?.Text(),
            members.Find("publicKey")?.Text(),
            members.Find("gateway")?.Flag()
        );
        members.Refuse(
            "token",
            "a token does not belong into this file. Next: set Discord__Token, or Discord__TokenFile to a file that only this user can read"
        );
        members.End();
        return section;
    }

    /// <summary>The settings; null when there is no token, and so no Discord.</summary>
    /// <param name="section">The section; null when the file has none.</param>
    /// <param name="setting">Looks up a setting of the process, such as <c>Discord:Token</c>; in the environment that is
    /// <c>Discord__Token</c>.</param>
    /// <exception cref="ConfigurationException">There is a token, and something else is missing or wrong.</exception>
    public static DiscordSettings? Settings(DiscordSection? section, Func<string, string?> setting) =>
        TokenOf(setting) is { } token ? (section ?? Empty).With(token, setting) : null;

    private DiscordSettings With(string token, Func<string, string?> setting)
    {
        var options = new DiscordOptions(new Secret(token))
        {
            GatewayUrl = AddressOf("gatewayUrl", setting("Discord:GatewayUrl") ?? GatewayUrl),
        };
        if (AddressOf("apiBase", setting("Discord:ApiBase") ?? ApiBase) is { } api)
            options = options with { ApiBase = api };
        if (options.Problem is { } problem)
            throw new ConfigurationException(problem);
        var channels = (Channels ?? []).Select((c, i) => IdOf($"channels[{i}]", c)).ToImmutableArray();
        if (channels.IsEmpty)
            throw Wrong("channels", "the ids of the channels where commands are taken", null);
        var key = ApplicationKey.Parse(PublicKey);
        if (key is null && (PublicKey ?? Listen) is not null)
            throw Wrong("publicKey", "the application's public key, 64 hexadecimal digits", PublicKey);
        var listen = AddressOf("listen", Listen);
        if (listen is not null && listen.Scheme != Uri.UriSchemeHttp)
            throw Wrong("listen", "http://ADDRESS:PORT/PATH, behind a proxy that speaks TLS", Listen);
        return new(
            options,
            IdOf("guild", Guild),
            channels,
            Notices is null ? null : IdOf("notices", Notices),
            RolesOf(),
            key,
            listen,
            Gateway ?? true
        );
    }

    private ImmutableDictionary<Snowflake, Role> RolesOf() =>
        (Roles ?? ImmutableDictionary<string, Role>.Empty).ToImmutableDictionary(r => IdOf("roles", r.Key), r => r.Value);

    private static string? TokenOf(Func<string, string?> setting)
    {
        if (setting("Discord:Token")?.Trim() is { Length: > 0 } token)
            return token;
        if (setting("Discord:TokenFile") is not { Length: > 0 } path)
            return null;
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } text
                ? text
                : throw new ConfigurationException($"Discord__TokenFile: {path} is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"Discord__TokenFile: {e.Message}", e);
        }
    }

    private static Snowflake IdOf(string at, string? text) =>
        Snowflake.TryParse(text, out var id) ? id : throw Wrong(at, "the id of it, which is digits", text);

    private static Uri? AddressOf(string at, string? text) =>
        text is not { Length: > 0 } ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var address) ? address
        : throw Wrong(at, "an address", text);

    private static ConfigurationException Wrong(string at, string expected, string? found) =>
        new($"discord.{at}: expected {expected}, found {(found is null ? "nothing" : $"\"{found}\"")}");
}
