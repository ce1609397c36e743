using ChatOps.Azure.Shared;
using ChatOps.Core.Application.Ports;
using ChatOps.Hosting;
using ChatOps.Operations.Api;
using ChatOps.Operations.Hosting;
using ChatOps.Operations.Settings;

namespace ChatOps.Worker;

/// <summary>
/// The function app's work without a Functions host: takes nudges from the queue, keeps the timers, and answers at its address.
/// </summary>
internal static class WorkerProcess
{
    /// <summary>
    /// Runs until SIGTERM or Ctrl-C. 0: fine; 2: a setting is missing or wrong, or the log cannot be trusted; 3: a loop in the background
    /// has ended.
    /// </summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
        );
        builder.Configuration.AddEnvironmentVariables();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        var problems = new List<string>();
        var stores = StoreSettings.Read(n => builder.Configuration[n], problems);
        var settings = AppSettings.Read(builder.Configuration, problems);
        var web = ApiSettings.Read(builder.Configuration, problems);
        if (problems.Count > 0)
            return await EndAsync(problems);
        try
        {
            builder
                .Services.AddSharedStores(stores, "functions")
                .AddOperations(settings, Path.Combine(stores.FolderOf("functions"), "past.db"))
                .AddGatewayWorker();
            builder.WebHost.UseUrls(web.Listen.ToString());
            await using var app = builder.Build();
            await app.Services.GetRequiredService<SharedStores>().OpenAsync(CancellationToken.None);
            Map(app, web);
            // RunAsync takes the services away when it ends.
            var end = app.Services.GetRequiredService<LoopEnd>();
            await app.RunAsync();
            return end.ExitCode;
        }
        catch (Exception e) when (e is LogCorruptException or LogUnavailableException or TemplateException)
        {
            return await EndAsync([e.Message]);
        }
    }

    private static void Map(WebApplication app, ApiSettings web)
    {
        app.MapGet("/", () => "ready");
        var api = app.MapGroup("/api")
            .AddEndpointFilter(async (call, next) => web.HasKey(call.HttpContext.Request) ? await next(call) : Results.Unauthorized());
        api.MapGet("status", (OperationsApi operations, CancellationToken cancel) => operations.StatusAsync(cancel));
        api.MapGet("audit", (OperationsApi operations, string? q, CancellationToken cancel) => operations.AuditAsync(q, cancel));
        api.MapPost("nudge", (OperationsApi operations, HttpRequest request) => operations.NudgeAsync(request));
    }

    private static async Task<int> EndAsync(IEnumerable<string> problems)
    {
        foreach (var problem in problems)
            await Console.Error.WriteLineAsync(problem);
        return 2;
    }
}
