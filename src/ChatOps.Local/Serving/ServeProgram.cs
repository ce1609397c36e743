using ChatOps.Bot.Configuration;
using ChatOps.Core.Loops;
using ChatOps.Core.Ports;

namespace ChatOps.Local.Serving;

/// <summary>The process of the service: a host that systemd may watch over.</summary>
internal static class ServeProgram
{
    private const int WrongConfiguration = 2;
    private const int Broken = 3;

    /// <summary>
    /// Runs until SIGTERM or Ctrl-C. 0: it was stopped; 2: something is wrong that a new start does not mend; 3: it broke, and is to be started again.
    /// </summary>
    /// <param name="file">The settings file.</param>
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
            using var host = Build(configuration, settings);
            var service = host.Services.GetRequiredService<EditionService>();
            await host.RunAsync();
            return service.IsBroken ? Broken : 0;
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
        catch (Exception e) when (e is LogUnavailableException or LoopEndedException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Broken;
        }
    }

    private static IHost Build(IConfiguration configuration, ServeSettings settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddConfiguration(configuration);
        builder.Logging.AddConfiguration(configuration.GetSection("Logging")).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None).AddSimpleConsole(console => console.SingleLine = true);

        // Under systemd: readiness, SIGTERM, and lines whose levels the journal understands.
        builder.Services.AddSystemd();
        builder.Services.AddSingleton(settings).AddSingleton(configuration).AddSingleton<EditionService>().AddHostedService(s => s.GetRequiredService<EditionService>());
        return builder.Build();
    }
}
