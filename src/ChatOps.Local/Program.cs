using ChatOps.Local.Commands;
using ChatOps.Telemetry;

using var telemetry = TelemetryExport.Start("chatops-local", TelemetrySettings.FromEnvironment());
return await CommandLine.RunAsync(args);
