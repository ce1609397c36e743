using ChatOps.Azure.Monitoring;
using ChatOps.Azure.Shared;
using ChatOps.Core.Application.Ports;
using ChatOps.Functions;
using ChatOps.Hosting;
using ChatOps.Operations.Hosting;
using ChatOps.Operations.Settings;
using ChatOps.Telemetry;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// 0: stopped; 2: a setting is missing or wrong, or the log cannot be trusted; 3: a loop in the background has ended. The host starts it
// again for all but 0.
using var telemetry = TelemetryExport.Start(
    "chatops-functions",
    TelemetrySettings.FromEnvironment(),
    ApplicationInsights.FromEnvironment()
);
var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<FailureLog>();
var problems = new List<string>();
var stores = StoreSettings.Read(n => builder.Configuration[n], problems);
var settings = AppSettings.Read(builder.Configuration, problems);
if (problems.Count > 0)
    return End(problems);
try
{
    builder.Services.AddSharedStores(stores, "functions").AddOperations(settings, Path.Combine(stores.FolderOf("functions"), "past.db"));

    // Functions have no trigger for Service Bus here, so its nudges are taken in this process; from a storage queue the host takes them.
    if (stores.BusNamespace is not null)
        builder.Services.AddNudgeReceiver();
    using var host = builder.Build();
    await host.Services.GetRequiredService<SharedStores>().OpenAsync(CancellationToken.None);
    // RunAsync takes the services away when it ends.
    var end = host.Services.GetRequiredService<LoopEnd>();
    await host.RunAsync();
    return end.ExitCode;
}
catch (Exception e) when (e is LogCorruptException or LogUnavailableException or TemplateException)
{
    return End([e.Message]);
}

static int End(IEnumerable<string> problems)
{
    foreach (var problem in problems)
        Console.Error.WriteLine(problem);
    return 2;
}
