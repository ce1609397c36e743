using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Words;
using ChatOps.Discord;
using Role = ChatOps.Core.Domain.Authority.Role;

namespace ChatOps.Bot.Configuration;

/// <summary>Which server of Discord the bot serves, and what people's roles there mean here.</summary>
/// <param name="Api">Where Discord is and as whom to speak to it.</param>
/// <param name="Guild">The server. What comes from any other is ignored.</param>
/// <param name="Channels">Where commands are taken. Changes are shown in the first.</param>
/// <param name="Notices">Where that is shown for which nobody asked: alerts, and what happens by itself; null for the first of the
/// channels.</param>
/// <param name="Roles">Our role for the id of a role there. The server's own id stands for everyone in it.</param>
/// <param name="PublicKey">The application's key, which signs interactions that come by HTTPS; null when none do.</param>
/// <param name="Listen">Where this process takes those, behind a proxy that speaks TLS; null for nowhere.</param>
/// <param name="UsesGateway">False when interactions come by HTTPS only.</param>
public sealed record DiscordSettings(
    DiscordOptions Api,
    Snowflake Guild,
    ImmutableArray<Snowflake> Channels,
    Snowflake? Notices,
    ImmutableDictionary<Snowflake, Role> Roles,
    ApplicationKey? PublicKey,
    Uri? Listen,
    bool UsesGateway
)
{
    private const int LongestName = 80;

    /// <summary>
    /// How long an interaction waits for its answer before it is acknowledged. Most answers are there by then, so that nobody sees the bot
    /// thinking; and it is far from Discord's 3 seconds.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>People who are known here already, by their id on Discord.</summary>
    public ImmutableDictionary<Snowflake, Speaker> People { get; init; } = ImmutableDictionary<Snowflake, Speaker>.Empty;

    /// <summary>
    /// Bytes of a file that can be given there: Discord takes 10 MiB a request where nobody pays for more, and a little of that is not the
    /// file.
    /// </summary>
    public long LargestFile { get; init; } = 10_000_000;

    /// <summary>The channel that changes are shown in.</summary>
    public Snowflake Home => Channels[0];

    /// <summary>
    /// The person with our roles: as the policy file knows them, with what it says of them besides, or as Discord does. Who somebody is, is
    /// the id; the name is only shown, so what could hide or turn text in it is taken out.
    /// </summary>
    public Speaker SpeakerOf(Person person)
    {
        var roles = person.Roles.Append(Guild).Where(Roles.ContainsKey).Select(r => Roles[r]);
        if (People.TryGetValue(person.Id, out var known))
            return known with { Roles = [.. known.Roles.Union(roles).Order()] };
        var name = Tokens.Clean(person.Name, LongestName);
        return new(
            new Actor("discord", person.Id.ToString(), name.Length > 0 ? name : person.Id.ToString()),
            [.. roles.Distinct().Order()]
        );
    }
}
