using ChatOps.Functions.Hosting;
using ChatOps.Telemetry;

using var telemetry = TelemetryExport.Start("chatops-functions", TelemetrySettings.FromEnvironment());
return await FunctionApp.RunAsync(args);
