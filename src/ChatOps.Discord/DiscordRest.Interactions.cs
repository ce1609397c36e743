using System.Text.Json;

namespace ChatOps.Discord;

/// <content>Answers to interactions. They go by the interaction's own token, and do not count for the bot's 50 requests a second.</content>
public sealed partial class DiscordRest
{
    private const int AlreadyAnswered = 40060;

    private static readonly TimeSpan AnswerOnItsWay = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    /// <summary>Sends the first answer. It is not sent when the 3 seconds are over.</summary>
    /// <returns>The message that it made or changed, where it did and Discord says so; else null.</returns>
    public async Task<RestResult<Message?>> AnswerAsync(Interaction interaction, InteractionResponse response, CancellationToken cancel)
    {
        var token = interaction.Token.Reveal();
        var request = new RestRequest(
            HttpMethod.Post,
            "interactions/{}/{}/callback",
            $"interactions/{interaction.Id}/{Uri.EscapeDataString(token)}/callback?with_response=true",
            $"answering interaction {interaction.Id}"
        )
        {
            Major = $"{interaction.Id}",
            AsBot = false,
            Body = ResponseWriter.Body(response),
            Until = interaction.FirstAnswerUntil,
            DoneBefore = AlreadyAnswered,
        };
        return await _sender.SendAsync(request, cancel) switch
        {
            RestResult<JsonElement>.Done done => new RestResult<Message?>.Done(
                done.Value.Object("resource")?.Object("message") is { } message ? Message.Read(message) : null
            ),
            var refused => new RestResult<Message?>.Refused(refused.Error!),
        };
    }

    /// <summary>Makes the first answer this message. While the token is good; after that edit it as the bot.</summary>
    public Task<RestResult<Message>> EditAnswerAsync(Interaction interaction, MessagePayload message, CancellationToken cancel) =>
        WhenThereAsync(
            interaction,
            OfAnswer(HttpMethod.Patch, interaction, "editing the answer to") with
            {
                Body = MessageWriter.Body(message, Purpose.Edit),
            },
            cancel
        );

    /// <summary>The first answer as a message: says in which channel it is and by which id the bot can edit it for ever.</summary>
    public Task<RestResult<Message>> AnsweredAsync(Interaction interaction, CancellationToken cancel) =>
        WhenThereAsync(interaction, OfAnswer(HttpMethod.Get, interaction, "asking for the answer to"), cancel);

    /// <summary>Takes the first answer away.</summary>
    public Task<RestResult<Nothing>> DeleteAnswerAsync(Interaction interaction, CancellationToken cancel) =>
        SendAsync<Nothing>(
            OfAnswer(HttpMethod.Delete, interaction, "deleting the answer to") with
            {
                DoneBefore = UnknownMessage,
            },
            _ => default(Nothing),
            cancel
        );

    /// <summary>
    /// Sends one more message, which only the person sees when it is ephemeral. When its answer is lost on the way it is sent again, so in
    /// rare cases it appears twice.
    /// </summary>
    public Task<RestResult<Message>> FollowUpAsync(Interaction interaction, MessagePayload message, CancellationToken cancel) =>
        WhenThereAsync(
            interaction,
            OfWebhook(HttpMethod.Post, interaction, "webhooks/{}/{}", "?wait=true", "following up on") with
            {
                Body = MessageWriter.Body(message, Purpose.Answer),
            },
            cancel
        );

    // A first answer that went back over HTTPS may have left here and not arrived there.
    private async Task<RestResult<Message>> WhenThereAsync(Interaction interaction, RestRequest request, CancellationToken cancel)
    {
        while (true)
        {
            var result = await SendAsync(request, Message.Read, cancel);
            if (result.Error is not { Status: 404 } || _clock.GetUtcNow() - interaction.ReceivedAt > AnswerOnItsWay)
                return result;
            await Task.Delay(BetweenLooks, _clock, cancel);
        }
    }

    private static RestRequest OfAnswer(HttpMethod method, Interaction interaction, string doing) =>
        OfWebhook(method, interaction, "webhooks/{}/{}/messages/@original", "/messages/@original", doing);

    private static RestRequest OfWebhook(HttpMethod method, Interaction interaction, string route, string end, string doing)
    {
        var webhook = $"{interaction.Application}/{Uri.EscapeDataString(interaction.Token.Reveal())}";
        return new(method, route, $"webhooks/{webhook}{end}", $"{doing} interaction {interaction.Id}")
        {
            Major = $"{interaction.Id}",
            AsBot = false,
            Until = interaction.TokenUntil,
        };
    }
}
