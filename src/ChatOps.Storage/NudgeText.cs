using System.Text;
using System.Text.Json;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Storage;

/// <summary>
/// A nudge as it travels through a queue outside the process: <c>{"gateway":"gw1","revision":12}</c>. Base64 of it is read as well: earlier
/// versions sent that, and portals do when somebody types a message.
/// </summary>
public static class NudgeText
{
    /// <summary>The text of a nudge.</summary>
    public static string Write(Nudge nudge) => JsonSerializer.Serialize(nudge, JsonSerializerOptions.Web);

    /// <summary>The nudge of a text; null when it is none. Unknown members are ignored: a newer sender may say more.</summary>
    public static Nudge? Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(Plain(text));
            return
                json.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("gateway", out var gateway)
                && gateway.ValueKind == JsonValueKind.String
                && Name<Gateway>.TryParse(gateway.GetString()!, out var name)
                && root.TryGetProperty("revision", out var revision)
                && revision.ValueKind == JsonValueKind.Number
                && revision.TryGetInt32(out var number)
                && number >= 0
                ? new Nudge(name, new Revision(number))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ReadOnlyMemory<byte> Plain(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes.AsMemory(0, length) : Encoding.UTF8.GetBytes(text);
    }
}
