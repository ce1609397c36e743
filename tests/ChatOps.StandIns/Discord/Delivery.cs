using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace ChatOps.StandIns.Discord;

/// <summary>Brings interactions to the bot: over the gateway, or posted to its endpoint with a signature.</summary>
internal static class Delivery
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(3);

    public static async Task SendAsync(StandInDiscord discord, Open open, JsonObject data)
    {
        var interaction = Interaction(discord.World, open, data);
        if (discord.Behaviour.InteractionsUrl is not { } url)
        {
            discord.Gateway.Dispatch("INTERACTION_CREATE", interaction);
            return;
        }

        for (var time = 0; time < (discord.Behaviour.DispatchesTwice ? 2 : 1); time++)
        {
            var (status, body) = await PostAsync(discord, url, discord.Behaviour.IsTerse ? Terse.Of(interaction)! : interaction);
            if (status == HttpStatusCode.OK && body is JsonObject answer)
            {
                // Of a second delivery nobody waits for the answer.
                var reply = discord.Interactions.Answer(open, open.Id, new Upload(answer, []), false);
                if (time == 0)
                    reply.ThrowIfRefused();
            }
            else if (status != HttpStatusCode.Accepted)
                open.Answered.TrySetException(new InvalidOperationException($"the endpoint answered {(int)status}"));
        }
    }

    /// <summary>Posts anything with a signature that holds.</summary>
    public static async Task<(HttpStatusCode Status, JsonNode? Body)> PostAsync(StandInDiscord discord, Uri url, JsonNode body)
    {
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        var time = discord.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var limit = new CancellationTokenSource(AnswerLimit, discord.Clock);
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(bytes) { Headers = { ContentType = new("application/json") } },
        };
        request.Headers.Add("X-Signature-Timestamp", time);
        request.Headers.Add("X-Signature-Ed25519", discord.Key.Sign(time, bytes));
        using var response = await discord.Http.SendAsync(request, limit.Token);
        var text = await response.Content.ReadAsStringAsync(limit.Token);
        return (response.StatusCode, text.Length == 0 || !response.IsSuccessStatusCode ? null : JsonNode.Parse(text));
    }

    private static JsonObject Interaction(World world, Open open, JsonObject data)
    {
        lock (world.Lock)
        {
            var json = new JsonObject
            {
                ["id"] = open.Id,
                ["application_id"] = world.Application,
                ["type"] = open.Type,
                ["token"] = open.Token,
                ["version"] = 1,
                ["data"] = data,
                ["channel_id"] = open.Room.Id,
                ["channel"] = open.Room.ToJson(),
                ["app_permissions"] = "562949953601536",
                ["locale"] = "en-GB",
                ["entitlements"] = new JsonArray(),
                ["authorizing_integration_owners"] = new JsonObject { ["0"] = world.Guild },
                ["context"] = open.Room.Guild is null ? 1 : 0,
                ["attachment_size_limit"] = 10485760,
            };
            if (open.Room.Guild is { } guild)
            {
                var member = open.By.ToMember();
                member["user"] = open.By.ToJson();
                member["permissions"] = "2147483647";
                (json["guild_id"], json["guild"], json["member"], json["guild_locale"]) = (
                    guild,
                    new JsonObject
                    {
                        ["id"] = guild,
                        ["locale"] = "en-US",
                        ["features"] = new JsonArray(),
                    },
                    member,
                    "en-US"
                );
            }
            else
                json["user"] = open.By.ToJson();
            if (open.On is { } post)
                json["message"] = post.Json.DeepClone();
            return json;
        }
    }
}
