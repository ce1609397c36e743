using System.Runtime.InteropServices;
using ChatOps.Bot.Configuration;
using ChatOps.Core.Application.Ports;
using ChatOps.Hosting;

namespace ChatOps.Bot.Hosting;

/// <summary>
/// A process that talks: Ctrl-C and SIGTERM stop it in order, and what is wrong with its configuration is a sentence and not a trace.
/// </summary>
public static class ChatProgram
{
    private const int Interrupted = 130;
    private const int Terminated = 143;

    /// <summary>
    /// Runs until the input ends or somebody stops it. 0: fine; 1: something was refused or failed; 2: wrong configuration; 3: a loop in
    /// the background has ended; 130 and 143: stopped by Ctrl-C and by SIGTERM.
    /// </summary>
    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> run)
    {
        using var stop = new CancellationTokenSource();
        var code = Interrupted;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, Interrupted));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, Terminated));
        try
        {
            return await run(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("\nstopped. What was accepted and is not finished goes on at the next ./run");
            return code;
        }
        catch (Exception e) when (e is ConfigurationException or LogCorruptException or LogUnavailableException or TemplateException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // This machine does not let it: a full disk, a folder of somebody else's, a terminal that is gone.
            await Console.Error.WriteLineAsync(
                $"{e.Message.TrimEnd('.')}. Next: mend that, and start again; nothing that was accepted is lost"
            );
            return 2;
        }
        catch (LoopEndedException)
        {
            // Its end is in the log.
            return LoopEnd.Broken;
        }

        void Stop(PosixSignalContext signal, int with)
        {
            signal.Cancel = true;
            code = with;
            stop.Cancel();
        }
    }
}
