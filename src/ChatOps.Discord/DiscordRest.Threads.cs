namespace ChatOps.Discord;

/// <content>Threads.</content>
public sealed partial class DiscordRest
{
    /// <summary>Puts a thread away among the archived ones. Whoever writes in it brings it back.</summary>
    public Task<RestResult<Channel>> CloseThreadAsync(Snowflake thread, CancellationToken cancel) =>
        SendAsync(
            new RestRequest(HttpMethod.Patch, "channels/{}", $"channels/{thread}", $"closing thread {thread}")
            {
                Major = $"{thread}",
                Body = Archived(),
            },
            Channel.Read,
            cancel
        );

    private static RestBody Archived() =>
        new(
            Json.Bytes(w =>
            {
                w.WriteStartObject();
                w.WriteBoolean("archived", true);
                w.WriteEndObject();
            }),
            []
        );
}
