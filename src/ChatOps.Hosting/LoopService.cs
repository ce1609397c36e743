using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatOps.Hosting;

/// <summary>
/// Work in the background without which a process would only look alive. When it ends before it is told to, the host stops and the process
/// ends with <see cref="LoopEnd.Broken"/>, so that whoever watches over it starts it again: nothing is held that the log does not say.
/// </summary>
/// <param name="what">What it does, such as <c>showing the log</c>.</param>
/// <param name="end">Hears of its end.</param>
/// <param name="log">Where that is logged.</param>
public abstract partial class LoopService(string what, LoopEnd end, ILogger<LoopService> log) : BackgroundService
{
    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken);
            if (!stoppingToken.IsCancellationRequested)
                Break(new(what, null));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
        catch (Exception e)
        {
            // What it dies of while it is stopped is no news any more.
            if (!stoppingToken.IsCancellationRequested)
                Break(new(what, e));
        }
    }

    /// <summary>Works until it is cancelled.</summary>
    protected abstract Task RunAsync(CancellationToken stop);

    private void Break(LoopEndedException e)
    {
        Ended(e.Message, e.InnerException);
        end.Tell(e);
    }

    [LoggerMessage(1, LogLevel.Critical, "{Sentence}")]
    private partial void Ended(string sentence, Exception? why);
}
