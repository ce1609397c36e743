using System.Text.Json;

namespace ChatOps.Discord;

/// <summary>Puts Discord's noes into words, and says what to make of them.</summary>
internal static class RestErrors
{
    private const int UnknownWebhook = 10015;
    private const int UnknownInteraction = 10062;
    private const int AlreadyAnswered = 40060;
    private const int InvalidWebhookToken = 50027;
    private const int LongestDetail = 400;

    /// <summary>The error that a status and its body stand for. Only an object is an answer of Discord's own: a page comes from something
    /// on the way, which may let the next try through.</summary>
    public static RestError Of(RestRequest request, int status, JsonElement? body)
    {
        var code = (int)(body?.Number("code") ?? 0);
        var said = body?.Text("message") ?? "no reason was given";
        if (body?.Object("errors") is { } errors)
            said += $" {Shorten(errors.GetRawText())}";
        return new(
            body is { ValueKind: JsonValueKind.Object } ? KindOf(request, status, code) : Refusing.Unavailable,
            status,
            code,
            $"{request.Doing}: {status} {said}{(code == 0 ? "" : $" ({code})")}"
        );
    }

    /// <summary>The error of never having had a usable answer.</summary>
    public static RestError Unavailable(RestRequest request, int tries, string last) =>
        new(Refusing.Unavailable, 0, 0, $"{request.Doing}: no answer in {tries} tries, at last: {last}");

    /// <summary>The error of not having been sent in time.</summary>
    public static RestError TooLate(RestRequest request) =>
        new(Refusing.TooLate, 0, 0, $"{request.Doing}: it could not be sent in time, so it is no longer taken");

    private static Refusing KindOf(RestRequest request, int status, int code) =>
        (status, code) switch
        {
            (_, UnknownWebhook or UnknownInteraction or AlreadyAnswered or InvalidWebhookToken) => Refusing.TooLate,
            (401, _) when !request.AsBot => Refusing.TooLate,
            (403, _) => Refusing.Forbidden,
            (404, _) => Refusing.Gone,
            (var s, _) when s >= 500 => Refusing.Unavailable,
            _ => Refusing.Invalid,
        };

    private static string Shorten(string text) => text.Length <= LongestDetail ? text : $"{text[..LongestDetail]}...";
}
