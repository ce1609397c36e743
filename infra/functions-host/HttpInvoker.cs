using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace ChatOps.FunctionsHost;

/// <summary>Calls a function with a request as data, and makes the response of its http output.</summary>
internal sealed class HttpInvoker(Invoker invoker, TimeProvider clock)
{
    public async Task InvokeAsync(HttpContext context, FunctionJson function)
    {
        var payload = Payload.Of(function.Name, function.Trigger.Binding, await DataOfAsync(context), [], clock.GetUtcNow());
        var result = await invoker.InvokeAsync(function.Name, payload, context.RequestAborted);
        if (result.Answer is not { } answer)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        var output = function.HttpOutput switch
        {
            null => null,
            "$return" => answer.At("ReturnValue"),
            var name => answer.At("Outputs", name),
        };
        if (output is not { ValueKind: JsonValueKind.Object } response)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        context.Response.StatusCode = StatusOf(response.At("statusCode"));
        foreach (var header in response.At("headers") is { ValueKind: JsonValueKind.Object } headers ? headers.EnumerateObject() : default)
            context.Response.Headers[header.Name] = header.Value.ToString();
        await context.Response.Body.WriteAsync(BytesOf(response.At("body")), context.RequestAborted);
    }

    private static async Task<JsonObject> DataOfAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        return new JsonObject
        {
            ["Url"] = context.Request.GetDisplayUrl(),
            ["Method"] = context.Request.Method,
            ["Query"] = new JsonObject(context.Request.Query.Select(q => KeyValuePair.Create(q.Key, (JsonNode?)q.Value.ToString()))),
            ["Headers"] = new JsonObject(context.Request.Headers.Select(h => KeyValuePair.Create(h.Key, (JsonNode?)new JsonArray([.. h.Value.Select(v => JsonValue.Create(v))])))),
            ["Params"] = new JsonObject(context.Request.RouteValues.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value?.ToString()))),
            ["Identities"] = new JsonArray(),
            ["Body"] = await reader.ReadToEndAsync(context.RequestAborted),
        };
    }

    private static int StatusOf(JsonElement? status) =>
        status is { } given && int.TryParse(given.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is >= 100 and < 600 ? code : StatusCodes.Status200OK;

    // A string that is base64 is taken for bytes, unless it is JSON with braces: so does Azure's host.
    private static byte[] BytesOf(JsonElement? body)
    {
        if (body is not { } given || given.ValueKind == JsonValueKind.Null)
            return [];
        if (given.ValueKind != JsonValueKind.String)
            return Encoding.UTF8.GetBytes(given.GetRawText());
        var text = given.GetString()!;
        var bytes = new byte[text.Length];
        return !text.TrimStart().StartsWith('{') && Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : Encoding.UTF8.GetBytes(text);
    }
}
