using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ChatOps.StandIns.Discord;

/// <summary>A request of the bot, with its body read.</summary>
internal sealed record Call(HttpContext Context, JsonNode? Body, IReadOnlyList<(string Name, byte[] Content)> Files)
{
    /// <summary>A part of the path.</summary>
    public string this[string name] => Context.Request.RouteValues[name]?.ToString() ?? "";

    /// <summary>The body as an object with files; empty for what is no object.</summary>
    public Upload Upload => new(Body as JsonObject ?? [], Files);

    public bool Asks(string query) => Context.Request.Query[query] == "true";

    /// <summary>Reads JSON, or a form of <c>payload_json</c> and <c>files[n]</c>; null when it is neither.</summary>
    public static async Task<Call?> ReadAsync(HttpContext context)
    {
        try
        {
            if (!context.Request.HasFormContentType)
                return new(context, await JsonAsync(context.Request), []);
            var form = await context.Request.ReadFormAsync();
            var files = new List<(string, byte[])>();
            for (var i = 0; form.Files.GetFile($"files[{i}]") is { } file; i++)
            {
                using var content = new MemoryStream();
                await file.CopyToAsync(content);
                files.Add((file.FileName, content.ToArray()));
            }

            return files.Count == form.Files.Count ? new(context, JsonNode.Parse(form["payload_json"].ToString()), files) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<JsonNode?> JsonAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return body.Length == 0 ? null : JsonNode.Parse(body.ToArray());
    }
}
