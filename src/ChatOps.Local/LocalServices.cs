using ChatOps.Bot.Chat;
using ChatOps.Bot.Hosting;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Hosting;
using ChatOps.Operations.Hosting;
using ChatOps.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ChatOps.Local;

/// <param name="Log">The log's file; made when it is not there.</param>
/// <param name="Checkpoints">The file for checkpoints; null for one beside the log.</param>
/// <param name="Worth">How many records a log has that is not read whole at each start.</param>
internal sealed record EditionOptions(
    string Log,
    IReadOnlyList<Gateway> Gateways,
    ChangePolicy Policy,
    string Templates,
    string? Checkpoints,
    long Worth = LocalLog.Worth
);

internal static class LocalServices
{
    /// <summary>Where the templates are that come with the program.</summary>
    public static string Templates { get; } = Path.Combine(AppContext.BaseDirectory, "templates");

    public static string PastOf(string log) => Path.ChangeExtension(log, "past.db");

    /// <summary>
    /// Bot and functions in one process over an embedded log. The way to the gateways is to be registered too; it is not disposed of.
    /// </summary>
    public static IServiceCollection AddLocalEdition(this IServiceCollection services, EditionOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton(options.Policy)
            .AddSingleton(s => new LocalLog(
                options.Log,
                options.Checkpoints,
                s.GetRequiredService<TimeProvider>(),
                s.GetRequiredService<ILoggerFactory>(),
                options.Worth
            ))
            .AddSingleton(s => s.GetRequiredService<LocalLog>().Events)
            .AddSingleton(s => s.GetRequiredService<LocalLog>().Folded ?? FoldedLog.Empty)
            .AddSingleton<INudgeQueue, InProcessNudgeQueue>()
            .AddLogTalk(s => s.GetRequiredService<LocalLog>().Keeping)
            .AddConversation(new(options.Templates, PastOf(options.Log), options.Gateways))
            .AddOperations()
            .AddGatewayWorker()
            .AddLoop("signing checkpoints", (s, stop) => s.GetRequiredService<LocalLog>().RunAsync(stop))
            .AddLoop("verifying the log", (s, stop) =>
                s.GetRequiredService<LocalLog>()
                    .KeepStartAsync(
                        s.GetRequiredService<Ledger>(),
                        said => s.GetRequiredService<IChatRoom>().Post(new("fault:log", null, said, null, [], Tone.Bad)),
                        stop
                    )
            );
    }

    /// <exception cref="LogCorruptException">The log cannot be trusted; nothing was started.</exception>
    /// <exception cref="Bot.Configuration.ConfigurationException">What lies beside the log is missing or damaged, or it knows a gateway
    /// under this name that is another machine.</exception>
    public static async Task OpenAndStartAsync(this IHost host, CancellationToken cancel)
    {
        try
        {
            await host.Services.GetRequiredService<LocalLog>().OpenAsync(cancel);
            await host.StartAsync(cancel);
        }
        catch
        {
            await host.StopAsync(CancellationToken.None);
            throw;
        }
    }
}
