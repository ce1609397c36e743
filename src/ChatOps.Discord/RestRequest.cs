using System.Collections.Immutable;
using System.Net.Http.Headers;

namespace ChatOps.Discord;

/// <param name="Route">The path with its ids left out: all requests of a route count for the same rate limit.</param>
/// <param name="Path">The path, below the API's base. Can hold an interaction's token, so it is never shown.</param>
internal sealed record RestRequest(HttpMethod Method, string Route, string Path, string Doing)
{
    /// <summary>The channel, server or webhook in the path: each of them has a rate limit of its own.</summary>
    public string Major { get; init; } = "";

    /// <summary>True to go as the bot; false where the interaction's token in the path says who asks.</summary>
    public bool AsBot { get; init; } = true;

    /// <summary>What is sent; null for nothing.</summary>
    public RestBody? Body { get; init; }

    /// <summary>Not sent after this moment; null for as long as it takes.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The error by which Discord says that an earlier try, whose answer was lost, was done; 0 for none.</summary>
    public int DoneBefore { get; init; }
}

internal sealed record RestBody(byte[] Json, ImmutableArray<Attachment> Files)
{
    /// <summary>JSON, or a form of JSON and files when there are any. Made anew for every try.</summary>
    public HttpContent ToContent()
    {
        var json = new ByteArrayContent(Json) { Headers = { ContentType = new("application/json") } };
        if (Files.IsEmpty)
            return json;
        var form = new MultipartFormDataContent();
        json.Headers.ContentDisposition = new("form-data") { Name = "\"payload_json\"" };
        form.Add(json);
        for (var i = 0; i < Files.Length; i++)
        {
            var file = new ReadOnlyMemoryContent(Files[i].Content);
            file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            file.Headers.ContentDisposition = new("form-data") { Name = $"\"files[{i}]\"", FileName = $"\"{Files[i].SafeName}\"" };
            form.Add(file);
        }

        return form;
    }
}
