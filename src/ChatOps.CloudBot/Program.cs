using ChatOps.Azure.Monitoring;
using ChatOps.CloudBot;
using ChatOps.Telemetry;

using var telemetry = TelemetryExport.Start("chatops-bot", TelemetrySettings.FromEnvironment(), ApplicationInsights.FromEnvironment());
return await BotProcess.RunAsync(args);
