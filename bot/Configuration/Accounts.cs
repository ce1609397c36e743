using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ChatOps.Bot.Discord.Api;
using ChatOps.Core.Policy;

namespace ChatOps.Bot.Configuration;

/// <summary>
/// Under which accounts elsewhere the people of the policy file are known. One person is one wherever they speak: nobody approves on the page what
/// they have proposed on Discord.
/// </summary>
/// <param name="Discord">By the id of their account on Discord.</param>
/// <param name="Entra">By the object id of their account in Microsoft Entra.</param>
public sealed partial record Accounts(ImmutableDictionary<Snowflake, Speaker> Discord, ImmutableDictionary<Guid, Speaker> Entra)
{
    /// <summary>By their account on this machine, as a name or a number.</summary>
    public ImmutableDictionary<string, Speaker> Unix { get; init; } = ImmutableDictionary<string, Speaker>.Empty;

    /// <summary>By the hash of a token that their programs have: <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public ImmutableDictionary<string, Speaker> Tokens { get; init; } = ImmutableDictionary<string, Speaker>.Empty;

    /// <summary>By their subject at the OpenID Connect provider of the policy file.</summary>
    public ImmutableDictionary<string, Speaker> Oidc { get; init; } = ImmutableDictionary.Create<string, Speaker>(StringComparer.Ordinal);

    /// <summary>Nobody is known elsewhere.</summary>
    public static Accounts None { get; } = new(ImmutableDictionary<Snowflake, Speaker>.Empty, ImmutableDictionary<Guid, Speaker>.Empty);

    /// <summary>With one more person.</summary>
    /// <param name="speaker">The person.</param>
    /// <param name="discord">As it stands in the file; null without such an account.</param>
    /// <param name="entra">As it stands in the file; null without such an account.</param>
    /// <param name="at">Where in the file that is.</param>
    /// <exception cref="FormatException">One is no id, or is another's.</exception>
    public Accounts With(Speaker speaker, string? discord, string? entra, string at)
    {
        var with = this;
        if (discord is not null)
        {
            if (!Snowflake.TryParse(discord, out var id))
                throw new FormatException($"{at}.discord: expected the id of an account on Discord, which is digits, found \"{discord}\"");
            with = with with { Discord = Added(with.Discord, id, speaker, $"{at}.discord") };
        }

        if (entra is not null)
        {
            if (!Guid.TryParse(entra, out var id))
                throw new FormatException($"{at}.entra: expected the object id of an account, such as 6f1c3b1e-8c3b-4f0e-9d55-0d1c5f1f2a10, found \"{entra}\"");
            with = with with { Entra = Added(with.Entra, id, speaker, $"{at}.entra") };
        }

        return with;
    }

    /// <summary>With one more person's subject at the OpenID Connect provider; null without one.</summary>
    /// <exception cref="FormatException">It is empty, or another's.</exception>
    public Accounts WithOidc(Speaker speaker, string? subject, string at) =>
        subject is null ? this
        : subject.Length == 0 ? throw new FormatException($"{at}.oidc: expected the subject of an account at the provider, found nothing")
        : this with { Oidc = Added(Oidc, subject, speaker, $"{at}.oidc") };

    /// <summary>With what one more person's programs are known by.</summary>
    /// <param name="speaker">The person.</param>
    /// <param name="unix">The account on this machine, a name or a number; null without one.</param>
    /// <param name="token">The hash of a token; null without one.</param>
    /// <param name="at">Where in the file that is.</param>
    /// <exception cref="FormatException">One cannot be that, or is another's.</exception>
    public Accounts WithPrograms(Speaker speaker, string? unix, string? token, string at)
    {
        var with = this;
        if (unix is not null)
        {
            if (!UnixAccount().IsMatch(unix))
                throw new FormatException($"{at}.unix: expected the name or the number of an account on this machine, found \"{unix}\"");
            with = with with { Unix = Added(with.Unix, unix, speaker, $"{at}.unix") };
        }

        if (token is not null)
        {
            if (!TokenHash().IsMatch(token))
                throw new FormatException($"{at}.token: expected the hash of a token, sha256: and 64 hexadecimal digits. Next: chatops token makes both");
            with = with with { Tokens = Added(with.Tokens, token, speaker, $"{at}.token") };
        }

        return with;
    }

    [GeneratedRegex(@"^([0-9]{1,10}|[a-zA-Z_][a-zA-Z0-9_.@\\-]*\$?)$")]
    private static partial Regex UnixAccount();

    [GeneratedRegex("^sha256:[0-9a-f]{64}$")]
    private static partial Regex TokenHash();

    private static ImmutableDictionary<T, Speaker> Added<T>(ImmutableDictionary<T, Speaker> people, T id, Speaker speaker, string at)
        where T : notnull =>
        people.TryGetValue(id, out var other)
            ? throw new FormatException($"{at}: {id} is {other.Actor.Id}'s account already")
            : people.Add(id, speaker);
}
