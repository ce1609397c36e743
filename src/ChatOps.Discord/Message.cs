using System.Collections.Immutable;
using System.Text.Json;

namespace ChatOps.Discord;

/// <summary>A message as Discord has it.</summary>
/// <param name="Guild">The server of that channel; null in a direct message, and in what REST answers.</param>
/// <param name="Author">Who wrote it; null when that was not said.</param>
/// <param name="Webhook">The webhook that wrote it in place of a person, or of the bot answering an interaction; null for none.</param>
/// <param name="Type">0 for what was typed, 19 for what was typed as an answer; the others are notices of Discord's own.</param>
/// <param name="Content">Its text; empty when the bot may not see it.</param>
/// <param name="Mentions">The users that it mentions.</param>
/// <param name="MentionRoles">The roles that it mentions; said also where the text is not.</param>
/// <param name="IsEphemeral">True when only one person sees it.</param>
public sealed record Message(
    Snowflake Id,
    Snowflake Channel,
    Snowflake? Guild,
    Person? Author,
    Snowflake? Webhook,
    long Type,
    string Content,
    ImmutableArray<Snowflake> Mentions,
    ImmutableArray<Snowflake> MentionRoles,
    bool IsEphemeral
)
{
    private const long Ephemeral = 1 << 6;

    /// <summary>True for what a person typed: not a bot, not a webhook, not a notice.</summary>
    public bool IsTypedByPerson => Author is { IsBot: false } && Webhook is null && Type is (0 or 19);

    internal static Message? Read(JsonElement from) =>
        from.Id("id") is not { } id || from.Id("channel_id") is not { } channel
            ? null
            : new(
                id,
                channel,
                from.Id("guild_id"),
                Person.Read(from.Object("author"), from.Object("member")),
                from.Id("webhook_id"),
                from.Number("type") ?? 0,
                from.Text("content") ?? "",
                [.. from.List("mentions").Select(m => m.Id("id")).OfType<Snowflake>()],
                from.Ids("mention_roles"),
                ((from.Number("flags") ?? 0) & Ephemeral) != 0
            );
}
