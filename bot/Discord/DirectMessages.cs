using ChatOps.Discord;

namespace ChatOps.Bot.Discord;

/// <summary>Tells a person something that nobody else sees, where no answer can do that.</summary>
internal sealed class DirectMessages(DiscordRest rest)
{
    /// <summary>Sends it; false when the person takes no direct messages from this server, or Discord cannot be reached.</summary>
    public async Task<bool> SendAsync(Snowflake person, MessagePayload message, CancellationToken cancel) =>
        await rest.DirectChannelAsync(person, cancel) is RestResult<Channel>.Done { Value: var channel }
        && await rest.PostAsync(channel.Id, message, cancel) is RestResult<Message>.Done;
}
