using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ChatOps.Core.Domain.Authority;
using ChatOps.Discord;

namespace ChatOps.Bot.Configuration;

/// <summary>
/// Under which accounts elsewhere the people of the policy file are known. One person is one wherever they speak: nobody approves on the
/// page what they have proposed on Discord.
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

    /// <param name="problems">Hears which of them is no account, or is another's.</param>
    internal Accounts With(Speaker speaker, JsonMembers entry, Problems problems)
    {
        return this with
        {
            Discord = Added(Discord, "discord", DiscordOf),
            Entra = Added(Entra, "entra", EntraOf),
            Oidc = Added(Oidc, "oidc", SubjectOf),
            Unix = Added(Unix, "unix", UnixOf),
            Tokens = Added(Tokens, "token", v => TokenOf(v, problems)),
        };

        ImmutableDictionary<T, Speaker> Added<T>(ImmutableDictionary<T, Speaker> people, string name, Func<JsonValue, T?> read)
            where T : notnull
        {
            if (entry.Find(name) is not { } value || read(value) is not { } id || id.Equals(default(T)))
                return people;
            if (!people.TryGetValue(id, out var other))
                return people.Add(id, speaker);
            problems.Add(value.Place, $"{id} is {other.Actor.Id}'s account already");
            return people;
        }
    }

    private static Snowflake DiscordOf(JsonValue value) =>
        value.Text() is not { } text ? default
        : Snowflake.TryParse(text, out var id) && id != default ? id
        : Wrong<Snowflake>(value, "the id of an account on Discord, which is digits");

    private static Guid EntraOf(JsonValue value) =>
        value.Text() is not { } text ? default
        : Guid.TryParse(text, out var id) && id != default ? id
        : Wrong<Guid>(value, "the object id of an account, such as 6f1c3b1e-8c3b-4f0e-9d55-0d1c5f1f2a10");

    private static string? SubjectOf(JsonValue value) =>
        value.Text() is not { } text ? null
        : text.Length > 0 ? text
        : value.Wrong<string>("the subject of an account at the provider");

    // Both "unix": "alice" and "unix": 1000.
    private static string? UnixOf(JsonValue value)
    {
        const string Expected = "the name or the number of an account on this machine";
        return value.TextOrNumber(Expected) is not { } text ? null
            : UnixAccount().IsMatch(text) ? text
            : value.Wrong<string>(Expected);
    }

    // What is there may be the token itself, and is repeated nowhere.
    private static string? TokenOf(JsonValue value, Problems problems)
    {
        if (value.Text() is not { } text)
            return null;
        if (TokenHash().IsMatch(text))
            return text;
        problems.Add(value.Place, "expected the hash of a token, sha256: and 64 hexadecimal digits. Next: chatops token makes both");
        return null;
    }

    private static T Wrong<T>(JsonValue value, string expected)
        where T : struct
    {
        value.Wrong<string>(expected);
        return default;
    }

    [GeneratedRegex(@"^([0-9]{1,10}|[a-zA-Z_][a-zA-Z0-9_.@\\-]*\$?)$")]
    private static partial Regex UnixAccount();

    [GeneratedRegex("^sha256:[0-9a-f]{64}$")]
    private static partial Regex TokenHash();
}
