using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace ChatOps.Lab;

/// <summary>
/// This program in one of the lab's machines: a server that speaks HTTP/2 without TLS as gRPC does, and says back each message as it comes.
/// </summary>
internal static class Program
{
    /// <summary>Where it listens.</summary>
    public const int Port = 50051;

    public static async Task Main()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.ListenAnyIP(Port, l => l.Protocols = HttpProtocols.Http2));
        await using var app = builder.Build();
        app.Run(EchoAsync);
        await app.StartAsync();
        await Console.Out.WriteLineAsync("ready");

        // As long as the test's process.
        await Console.In.ReadToEndAsync();
    }

    private static async Task EchoAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        response.ContentType = "application/grpc";
        response.Headers["x-saw"] =
            $"{request.Protocol} {request.Scheme} {request.Host} {request.Path} {request.Headers["te"]} for {request.Headers["x-forwarded-for"]} {request.Headers["x-forwarded-proto"]}{string.Join(' ', request.Headers.Where(h => $"{h.Value}".Contains(Claims.Value, StringComparison.Ordinal)).Select(h => h.Key))}";
        await response.StartAsync();
        var buffer = new byte[4096];
        while (await request.Body.ReadAsync(buffer, context.RequestAborted) is var read and > 0)
        {
            await response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await response.Body.FlushAsync(context.RequestAborted);
        }

        response.AppendTrailer("grpc-status", "0");
        response.AppendTrailer("grpc-message", "served");
    }
}
