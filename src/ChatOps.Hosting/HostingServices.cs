using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatOps.Hosting;

/// <summary>Registers what runs in the background of a host.</summary>
public static class HostingServices
{
    /// <summary>A host for part of a process that has signals and a log of its own.</summary>
    /// <param name="logs">The process's log, which outlives the host.</param>
    public static HostApplicationBuilder NewBuilder(ILoggerFactory logs)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton(logs).AddSingleton<IHostLifetime, NoSignals>();
        return builder;
    }

    /// <summary>A loop that runs as long as the host does; its end is the host's end.</summary>
    /// <param name="what">What it does, such as <c>taking nudges</c>.</param>
    /// <param name="run">Works until it is cancelled.</param>
    public static IServiceCollection AddLoop(
        this IServiceCollection services,
        string what,
        Func<IServiceProvider, CancellationToken, Task> run
    ) =>
        services
            .AddLoops()
            .AddSingleton<IHostedService>(s => new Loop(
                what,
                stop => run(s, stop),
                s.GetRequiredService<LoopEnd>(),
                s.GetRequiredService<ILogger<LoopService>>()
            ));

    /// <summary>What loops need.</summary>
    public static IServiceCollection AddLoops(this IServiceCollection services)
    {
        services.TryAddSingleton<LoopEnd>();
        return services;
    }

    private sealed class Loop(string what, Func<CancellationToken, Task> run, LoopEnd end, ILogger<LoopService> log)
        : LoopService(what, end, log)
    {
        protected override Task RunAsync(CancellationToken stop) => run(stop);
    }

    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
