using ChatOps.Local;
using ChatOps.Telemetry;

using var telemetry = TelemetryExport.Start("chatops-local", TelemetrySettings.FromEnvironment());
return await LocalOptions.ReadAsync(args, LocalHost.RunAsync);
