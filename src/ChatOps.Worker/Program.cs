using ChatOps.Telemetry;
using ChatOps.Worker;

using var telemetry = TelemetryExport.Start("chatops-functions", TelemetrySettings.FromEnvironment());
return await WorkerProcess.RunAsync(args);
