using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChatOps.FunctionsHost;

/// <summary>The functions that requests set off, on 127.0.0.1, each at its route.</summary>
internal sealed class HttpFunctions(HostJson host, IReadOnlyList<FunctionJson> functions, FunctionKey key, Forwarder forwarder, HttpInvoker invoker)
{
    /// <summary>Starts to listen.</summary>
    /// <exception cref="HostingException">The port is taken.</exception>
    public async Task<WebApplication> StartAsync(int port, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        var app = builder.Build();
        foreach (var function in functions)
        {
            var trigger = (Trigger.Http)function.Trigger;
            RequestDelegate handle = context => HandleAsync(context, function, trigger);
            var route = $"/{host.RoutePrefix}/{trigger.Route}".Replace("//", "/", StringComparison.Ordinal);
            _ = trigger.Methods.Length > 0 ? app.MapMethods(route, trigger.Methods, handle) : app.Map(route, handle);
        }

        try
        {
            await app.StartAsync(cancel);
            return app;
        }
        catch (IOException e)
        {
            await app.DisposeAsync();
            throw new HostingException($"{e.Message} Next: end what uses port {port}, or --port {port + 1}", e);
        }
    }

    private Task HandleAsync(HttpContext context, FunctionJson function, Trigger.Http trigger)
    {
        if (!trigger.IsOpen && !key.IsIn(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        return host.IsForwarding && function.OnlyHttp ? forwarder.ForwardAsync(context) : invoker.InvokeAsync(context, function);
    }
}
