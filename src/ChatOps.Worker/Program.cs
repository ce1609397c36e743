using ChatOps.Azure.Monitoring;
using ChatOps.Telemetry;
using ChatOps.Worker;

using var telemetry = TelemetryExport.Start(
    "chatops-functions",
    TelemetrySettings.FromEnvironment(),
    ApplicationInsights.FromEnvironment()
);
return await WorkerProcess.RunAsync(args);
