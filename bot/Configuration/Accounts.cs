using System.Collections.Immutable;
using ChatOps.Bot.Discord.Api;
using ChatOps.Core.Policy;

namespace ChatOps.Bot.Configuration;

/// <summary>
/// Under which accounts elsewhere the people of the policy file are known. One person is one wherever they speak: nobody approves on the page what
/// they have proposed on Discord.
/// </summary>
/// <param name="Discord">By the id of their account on Discord.</param>
/// <param name="Entra">By the object id of their account in Microsoft Entra.</param>
public sealed record Accounts(ImmutableDictionary<Snowflake, Speaker> Discord, ImmutableDictionary<Guid, Speaker> Entra)
{
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

    private static ImmutableDictionary<T, Speaker> Added<T>(ImmutableDictionary<T, Speaker> people, T id, Speaker speaker, string at)
        where T : notnull =>
        people.TryGetValue(id, out var other)
            ? throw new FormatException($"{at}: {id} is {other.Actor.Id}'s account already")
            : people.Add(id, speaker);
}
