using System.Text.Json.Nodes;

namespace ChatOps.StandIns.Discord;

/// <summary>What the stand-in answers to a request.</summary>
internal sealed record Reply(int Status, JsonNode? Body)
{
    public static Reply Ok(JsonNode body) => new(200, body);

    public static Reply Empty { get; } = new(204, null);

    public static Reply Unauthorized => Error(401, 0, "401: Unauthorized");

    public static Reply NotFound => Error(404, 0, "404: Not Found");

    public static Reply UnknownChannel => Error(404, 10003, "Unknown Channel");

    public static Reply UnknownMessage => Error(404, 10008, "Unknown Message");

    public static Reply UnknownGuild => Error(404, 10004, "Unknown Guild");

    public static Reply UnknownWebhook => Error(404, 10015, "Unknown Webhook");

    public static Reply UnknownInteraction => Error(404, 10062, "Unknown interaction");

    public static Reply AlreadyAnswered => Error(400, 40060, "Interaction has already been acknowledged.");

    public static Reply InvalidWebhookToken => Error(401, 50027, "Invalid Webhook Token");

    public static Reply MissingAccess => Error(403, 50001, "Missing Access");

    public static Reply MissingPermissions => Error(403, 50013, "Missing Permissions");

    public static Reply EmptyMessage => Error(400, 50006, "Cannot send an empty message");

    public static Reply Error(int status, int code, string message) =>
        new(status, new JsonObject { ["message"] = message, ["code"] = code });

    /// <summary>For an answer that came where nobody can be told no.</summary>
    public void ThrowIfRefused()
    {
        if (Status >= 400)
            throw new InvalidOperationException($"the answer was refused: {Status} {Body?.ToJsonString()}");
    }
}
