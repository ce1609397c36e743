using ChatOps.Bot.Configuration;
using ChatOps.Bot.Hosting;
using ChatOps.Core.Application.Ports;
using ChatOps.Hosting;
using ChatOps.Local.Backups;
using Microsoft.Extensions.Hosting.Systemd;

namespace ChatOps.Local.Serving;

/// <summary>The process of the service: a host that systemd may watch over.</summary>
internal static partial class ServeProgram
{
    private const int WrongConfiguration = 2;

    /// <summary>
    /// Runs until SIGTERM or Ctrl-C. 0: it was stopped; 2: something is wrong that a new start does not mend; 3: it broke, and is to be
    /// started again.
    /// </summary>
    /// <param name="given">What the command line says in place of settings.</param>
    /// <param name="way">Which gateways it names; null when it does not.</param>
    public static async Task<int> RunAsync(string file, IReadOnlyDictionary<string, string?> given, GatewayWay? way)
    {
        var data = ".";
        try
        {
            var configuration = ServeSettings.Collect(file, given);
            var settings = ServeSettings.Read(configuration, way);
            data = settings.Data;
            return await RunAsync(configuration, settings);
        }
        catch (Exception e) when (e is ConfigurationException or LogCorruptException or TemplateException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return WrongConfiguration;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{e.Message.TrimEnd('.')}. Next: {StartFault.WhatNext(data, e)}");
            return WrongConfiguration;
        }
        catch (Exception e) when (e is LogUnavailableException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return LoopEnd.Broken;
        }
    }

    private static async Task<int> RunAsync(IConfiguration configuration, ServeSettings settings)
    {
        var policy = PolicyFile.Load(settings.Policy);
        using var folder = DataFolder.Open(settings.Data);
        var (gateways, shell, firstSteps) = settings.Way.Open(settings.Data, working: null);
        try
        {
            var builder = Host.CreateEmptyApplicationBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
            builder.Configuration.AddConfiguration(configuration);
            builder
                .Logging.AddConfiguration(configuration.GetSection("Logging"))
                .AddFilter("Microsoft", LogLevel.Warning)
                .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
                .AddSimpleConsole(console => console.SingleLine = true);

            // Under systemd: readiness, SIGTERM, and lines whose levels the journal understands.
            builder.Services.AddSystemd();
            builder
                .Services.AddSingleton(settings)
                .AddSingleton(shell)
                .AddSingleton(new FirstSteps(firstSteps))
                .AddLocalEdition(new(folder.Log, gateways, policy.Policy, LocalServices.Templates, settings.Checkpoints))
                .AddPolicyWatch(policy)
                .AddDiscord(DataFolder.NotesIn(settings.Data))
                .AddHostedService<ServedSurfaces>();
            if (SystemdHelpers.IsSystemdService() && Watchdog.Period() is { } period)
                builder.Services.AddLoop("telling systemd that all is well", (s, stop) =>
                    Watchdog.RunAsync(s.GetRequiredService<ISystemdNotifier>(), s.GetRequiredService<IEventLog>(), period, stop)
                );
            return await RunAsync(builder.Build());
        }
        finally
        {
            await GatewayWay.CloseAsync(shell);
        }
    }

    private static async Task<int> RunAsync(IHost host)
    {
        using (host)
        {
            await host.OpenAndStartAsync(CancellationToken.None);
            await host.WaitForShutdownAsync();
            Stopped(host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ServeProgram)));
            return host.Services.GetRequiredService<LoopEnd>().ExitCode;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "stopped. What was accepted and is not finished goes on at the next start")]
    private static partial void Stopped(ILogger log);
}
