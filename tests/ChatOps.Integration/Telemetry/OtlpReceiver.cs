using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChatOps.Integration.Telemetry;

/// <summary>
/// Stands for a collector: takes OTLP over HTTP and keeps the bytes. In protobuf every text and every id lies in one piece.
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = [];

    private OtlpReceiver(WebApplication app) => _app = app;

    public Uri Endpoint => new(_app.Urls.First());

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            receiver._received.Enqueue((signal, body.ToArray()));
            return Results.Bytes([], "application/x-protobuf");
        });
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>All that came for a signal, one after another.</summary>
    public byte[] Bytes(string signal) => [.. _received.Where(r => r.Path == signal).SelectMany(r => r.Body)];

    /// <summary>Whether a program has sent a text and some bytes in one message.</summary>
    public bool HasFrom(string program, string text, byte[] bytes) =>
        _received.Any(r =>
            new[] { Encoding.UTF8.GetBytes(program), Encoding.UTF8.GetBytes(text), bytes }.All(part => r.Body.AsSpan().IndexOf(part) >= 0)
        );

    /// <summary>How often a text was in what came for a signal.</summary>
    public int Count(string signal, string text) => Count(signal, Encoding.UTF8.GetBytes(text));

    /// <summary>How often bytes were in what came for a signal.</summary>
    public int Count(string signal, ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        ReadOnlySpan<byte> rest = Bytes(signal);
        for (var at = rest.IndexOf(bytes); at >= 0; at = rest.IndexOf(bytes))
        {
            count++;
            rest = rest[(at + bytes.Length)..];
        }

        return count;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
