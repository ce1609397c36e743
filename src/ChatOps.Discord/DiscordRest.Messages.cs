namespace ChatOps.Discord;

/// <content>Messages that the bot sends as itself.</content>
public sealed partial class DiscordRest
{
    private const int UnknownMessage = 10008;
    private const int ThreadIsThere = 160004;

    /// <summary>Posts a message. A lost answer does not make it appear twice: it carries a nonce.</summary>
    public Task<RestResult<Message>> PostAsync(Snowflake channel, MessagePayload message, CancellationToken cancel) =>
        SendAsync(
            new RestRequest(
                HttpMethod.Post,
                "channels/{}/messages",
                $"channels/{channel}/messages",
                $"posting a message in channel {channel}"
            )
            {
                Major = $"{channel}",
                Body = MessageWriter.Body(message with { Nonce = message.Nonce ?? Guid.NewGuid().ToString("N")[..25] }, Purpose.Post),
            },
            Message.Read,
            cancel
        );

    /// <summary>Makes a message of the bot's this one. Discord takes about one edit a second.</summary>
    public Task<RestResult<Message>> EditAsync(Snowflake channel, Snowflake message, MessagePayload payload, CancellationToken cancel) =>
        SendAsync(
            OfMessage(HttpMethod.Patch, channel, message, "editing") with
            {
                Body = MessageWriter.Body(payload, Purpose.Edit),
            },
            Message.Read,
            cancel
        );

    /// <summary>A message as it is now.</summary>
    public Task<RestResult<Message>> MessageAsync(Snowflake channel, Snowflake message, CancellationToken cancel) =>
        SendAsync(OfMessage(HttpMethod.Get, channel, message, "asking for"), Message.Read, cancel);

    /// <summary>Deletes a message.</summary>
    public Task<RestResult<Nothing>> DeleteAsync(Snowflake channel, Snowflake message, CancellationToken cancel) =>
        SendAsync<Nothing>(
            OfMessage(HttpMethod.Delete, channel, message, "deleting") with
            {
                DoneBefore = UnknownMessage,
            },
            _ => default(Nothing),
            cancel
        );

    /// <summary>The channel for direct messages to a person; made when there is none.</summary>
    public Task<RestResult<Channel>> DirectChannelAsync(Snowflake person, CancellationToken cancel) =>
        SendAsync(
            new RestRequest(HttpMethod.Post, "users/@me/channels", "users/@me/channels", $"opening direct messages to {person}")
            {
                Body = OneField("recipient_id", person.ToString()),
            },
            Channel.Read,
            cancel
        );

    /// <summary>Starts a thread at a message; its id is the message's. Starting it twice is as starting it once.</summary>
    /// <param name="channel">The channel of the message.</param>
    /// <param name="name">1 to 100 characters.</param>
    public async Task<RestResult<Channel>> StartThreadAsync(Snowflake channel, Snowflake message, string name, CancellationToken cancel)
    {
        var request = OfMessage(HttpMethod.Post, channel, message, "starting a thread at") with
        {
            Route = "channels/{}/messages/{}/threads",
            Path = $"channels/{channel}/messages/{message}/threads",
            Body = OneField("name", name),
        };
        var result = await SendAsync(request, Channel.Read, cancel);
        return result.Error?.Code == ThreadIsThere ? await ChannelAsync(message, cancel) : result;
    }

    private static RestBody OneField(string name, string value) =>
        new(
            Json.Bytes(w =>
            {
                w.WriteStartObject();
                w.WriteString(name, value);
                w.WriteEndObject();
            }),
            []
        );

    private static RestRequest OfMessage(HttpMethod method, Snowflake channel, Snowflake message, string doing) =>
        new(method, "channels/{}/messages/{}", $"channels/{channel}/messages/{message}", $"{doing} message {message} in channel {channel}")
        {
            Major = $"{channel}",
        };
}
