using ChatOps.Bot.Configuration;
using ChatOps.Core.Ports;

namespace ChatOps.Bot.Hosting;

/// <summary>A process that talks: Ctrl-C stops it in order, and what is wrong with its configuration is a sentence and not a trace.</summary>
public static class ChatProgram
{
    /// <summary>Runs until the input ends or Ctrl-C. 0: fine; 1: something was refused or failed; 2: wrong configuration; 130: stopped.</summary>
    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> run)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            stop.Cancel();
        };
        try
        {
            return await run(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("\nstopped. What was accepted and is not finished goes on at the next ./run");
            return 130;
        }
        catch (Exception e) when (e is ConfigurationException or LogCorruptException or LogUnavailableException or TemplateException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
    }
}
