using ChatOps.Bot.Hosting;
using ChatOps.Telemetry;

using var telemetry = TelemetryExport.Start("chatops-bot", TelemetrySettings.FromEnvironment());
return await BotProcess.RunAsync(args);
