using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace ChatOps.Specs.Web;

/// <summary>What a browser does for the page: keeps cookies, follows redirects, sends JSON, reads the event stream.</summary>
internal sealed class Browser(Uri page) : IDisposable
{
    private readonly CancellationToken _patience = Patience.Token;
    private readonly HttpClient _http = new(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = page };

    public Task<HttpResponseMessage> GetAsync(Uri uri) => _http.GetAsync(uri, _patience);

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(new Uri(path, UriKind.Relative), _patience);

    public async Task<HttpResponseMessage> GetAsync(string path, (string Name, string Value) header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Add(header.Name, header.Value);
        return await _http.SendAsync(request, _patience);
    }

    /// <summary>Asks for data as the page does.</summary>
    public async Task<JsonElement> AskAsync(string question)
    {
        using var answer = await GetAsync($"/api/{question}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Says a line as the page does.</summary>
    public Task<HttpResponseMessage> SayAsync(string line) => PostAsync("/say", JsonContent.Create(new { line }));

    /// <summary>Posts with more headers than a page would send, or others.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, HttpContent? content, string? origin = null, string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = content };
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        request.Headers.Host = host;
        return await _http.SendAsync(request, _patience);
    }

    /// <summary>The events of the room as they come.</summary>
    public async IAsyncEnumerable<(string Type, JsonElement Data)> EventsAsync()
    {
        await using var stream = await _http.GetStreamAsync(new Uri("/room", UriKind.Relative), _patience);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(_patience))
            yield return (item.EventType, JsonSerializer.Deserialize<JsonElement>(item.Data));
    }

    /// <summary>Reads the room from its beginning until a message is there whose text has these words.</summary>
    public async Task<JsonElement> SeesAsync(string words) => await EventsAsync().Messages().SeesAsync(words);

    public void Dispose()
    {
        _http.Dispose();
    }
}

internal static class EventWords
{
    /// <summary>Only the messages of a stream.</summary>
    public static IAsyncEnumerable<JsonElement> Messages(this IAsyncEnumerable<(string Type, JsonElement Data)> events) =>
        events.Where(e => e.Type == "message").Select(e => e.Data);

    /// <summary>The next message whose text has these words.</summary>
    public static ValueTask<JsonElement> SeesAsync(this IAsyncEnumerable<JsonElement> messages, string words) =>
        messages.FirstAsync(m => m.Word("text").Contains(words, StringComparison.Ordinal));

    /// <summary>A property as text.</summary>
    public static string Word(this JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";
}
