using System.Collections.Immutable;
using System.Text.Json;

namespace ChatOps.Discord;

/// <summary>A user of Discord, in a server with roles there.</summary>
/// <param name="Id">Says who it is; stays the same whatever the names are.</param>
/// <param name="Name">Only shown: the nickname in the server, else the display name, else the user name. People choose it: any
/// text.</param>
/// <param name="IsBot">True for a bot (or Discord itself), never a person.</param>
/// <param name="Roles">The ids of the roles in the server; none in a direct message.</param>
public sealed record Person(Snowflake Id, string Name, bool IsBot, ImmutableArray<Snowflake> Roles)
{
    /// <summary>Reads a user object and the member object that goes with it; null when it says no id.</summary>
    internal static Person? Read(JsonElement? user, JsonElement? member)
    {
        if (user is not { } u || u.Id("id") is not { } id)
            return null;
        var name = member?.Text("nick") ?? u.Text("global_name") ?? u.Text("username") ?? id.ToString();
        return new(id, name, u.Flag("bot") || u.Flag("system"), member?.Ids("roles") ?? []);
    }
}
