using System.Collections.Immutable;
using System.Text.Json;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;

namespace ChatOps.Bot.Configuration;

/// <summary>Who is who and who may what, read from a JSON file. The file that comes with the program is the documented example.</summary>
/// <param name="Users">The people of the local edition.</param>
/// <param name="Policy">The exceptions from the catalogue.</param>
/// <param name="Discord">The server of Discord, or null.</param>
public sealed record PolicyFile(ImmutableArray<Speaker> Users, ChangePolicy Policy, DiscordSection? Discord = null)
{
    /// <summary>The path that the file was read from; empty when it was not read from a file.</summary>
    public string Path { get; init; } = "";

    /// <summary>The file as it was read.</summary>
    public string Source { get; init; } = "{}";

    /// <summary>Their accounts elsewhere.</summary>
    public Accounts Accounts { get; init; } = Accounts.None;

    /// <summary>The OpenID Connect provider that people sign in to the page at, or null.</summary>
    public OidcSection? Oidc { get; init; }

    /// <summary>Who there is, as far as the file says.</summary>
    public Team Team => new(Users, [.. (Discord?.Roles?.Values ?? []).Concat(Oidc?.Groups?.Values ?? []).Distinct()]);

    /// <summary>
    /// Looks at the sections about Discord and the provider as they are looked at when there is a token for one and the page of a team.
    /// </summary>
    /// <exception cref="ConfigurationException">One is wrong.</exception>
    public void CheckSections()
    {
        if (Discord is not null)
            _ = DiscordSection.Settings(Discord, name => name == "Discord:Token" ? "any" : null);
        _ = Oidc?.Settings(Accounts.Oidc, _ => null);
    }

    /// <summary>
    /// Reads a file; throws <see cref="ConfigurationException"/> that says all that is wrong with it, where, and what was expected.
    /// </summary>
    public static PolicyFile Load(string path)
    {
        try
        {
            return PolicyReader.Read(path, File.ReadAllText(path));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path}: {e.Message}", e);
        }
    }
}

/// <summary>A setting is missing or wrong; the message names it, and the process ends with code 2.</summary>
public sealed class ConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
