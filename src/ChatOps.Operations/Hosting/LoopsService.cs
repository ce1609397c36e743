using ChatOps.Core.Loops;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatOps.Operations.Hosting;

/// <summary>Runs loops as long as the host runs. When one of them dies the process ends with <see cref="Broken"/>, so that whoever started it starts it again.</summary>
/// <param name="start">Starts the loops.</param>
/// <param name="lifetime">The host's.</param>
/// <param name="log">Where it says which loop has ended.</param>
public sealed partial class LoopsService(Action<BackgroundLoops> start, IHostApplicationLifetime lifetime, ILogger<LoopsService> log) : BackgroundService
{
    /// <summary>The exit code of a process one of whose loops has ended.</summary>
    public const int Broken = 3;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var loops = new BackgroundLoops();
        try
        {
            await loops.WhileRunningAsync(
                async over =>
                {
                    start(loops);
                    await Task.Delay(Timeout.Infinite, over);
                    return 0;
                },
                stoppingToken
            );
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (LoopEndedException e)
        {
            SayBroken(log, e.Message, e);
            Environment.ExitCode = Broken;
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(1, LogLevel.Critical, "{Sentence}")]
    private static partial void SayBroken(ILogger log, string sentence, Exception why);
}
