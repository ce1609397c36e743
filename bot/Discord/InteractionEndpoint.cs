using System.Text.Json;
using ChatOps.Discord;
using Microsoft.AspNetCore.Http;

namespace ChatOps.Bot.Discord;

/// <summary>
/// Takes interactions that Discord posts: the way in for a bot that keeps no connection. Nothing is read of a request whose signature does
/// not hold. The first answer goes back as the answer to the request; the handler goes on after it.
/// </summary>
/// <param name="rest">Sends first answers that cannot go back as JSON, because they have files.</param>
internal sealed class InteractionEndpoint(
    InteractionSignature signature,
    IInteractionHandler handler,
    DiscordRest rest,
    TimeProvider clock,
    CancellationToken stopping
)
{
    private const int LargestBody = 1024 * 1024;

    /// <summary>Answers one request; for <c>MapPost</c>.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var now = clock.GetUtcNow();
        var headers = context.Request.Headers;
        if (
            await BodyAsync(context.Request) is not { } body
            || !signature.Holds(headers["X-Signature-Ed25519"], headers["X-Signature-Timestamp"], body)
        )
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else if (Read(body, now) is not { } interaction)
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        else if (interaction.InteractionData is InteractionData.Ping)
            await WriteAsync(context.Response, new InteractionResponse.Pong());
        else
            await HandleAsync(context.Response, interaction);
    }

    private async Task HandleAsync(HttpResponse response, Interaction interaction)
    {
        var answer = new Answer(response, rest, interaction);
        await handler.HandleAsync(interaction, answer, stopping);

        // From another server, or delivered twice: nothing is said to it.
        if (!answer.IsSent)
            response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task<byte[]?> BodyAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0; )
        {
            if (body.Length + read > LargestBody)
                return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private static Interaction? Read(byte[] body, DateTimeOffset now)
    {
        try
        {
            return InteractionReader.Read(JsonElement.Parse(body), now);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task WriteAsync(HttpResponse response, InteractionResponse answer)
    {
        var json = ResponseWriter.Body(answer).Json;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/json";
        response.ContentLength = json.Length;
        await response.Body.WriteAsync(json);
        await response.CompleteAsync();
    }

    private sealed class Answer(HttpResponse response, DiscordRest rest, Interaction interaction) : IFirstAnswer
    {
        public bool IsSent { get; private set; }

        public async Task<RestResult<Message?>> SendAsync(InteractionResponse answer, CancellationToken cancel)
        {
            if (IsSent)
                throw new InvalidOperationException($"interaction {interaction.Id} has its first answer already");
            IsSent = true;
            if (ResponseWriter.FilesOf(answer).IsEmpty)
            {
                await WriteAsync(response, answer);
                return new RestResult<Message?>.Done(null);
            }

            var result = await rest.AnswerAsync(interaction, answer, cancel);
            response.StatusCode = StatusCodes.Status202Accepted;
            await response.CompleteAsync();
            return result;
        }
    }
}
