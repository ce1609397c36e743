using Microsoft.Extensions.Hosting;

namespace ChatOps.Hosting;

/// <summary>The end of the first loop that ended before it was told to; it stops the host.</summary>
public sealed class LoopEnd(IHostApplicationLifetime lifetime)
{
    /// <summary>The exit code of a process one of whose loops has ended.</summary>
    public const int Broken = 3;

    private LoopEndedException? _first;

    /// <summary>Which loop it was and why; null while all of them run.</summary>
    public LoopEndedException? First => _first;

    /// <summary>0, or <see cref="Broken"/>.</summary>
    public int ExitCode => _first is null ? 0 : Broken;

    /// <summary>Does something for as long as the host runs.</summary>
    /// <param name="act">What is done; cancelled when the host stops.</param>
    /// <exception cref="LoopEndedException">A loop has ended.</exception>
    public async Task<T> WhileRunningAsync<T>(Func<CancellationToken, Task<T>> act, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        T result;
        try
        {
            result = await act(over.Token);
        }
        catch (OperationCanceledException) when (_first is not null)
        {
            throw _first;
        }

        // Some end well when they are cancelled.
        return _first is null ? result : throw _first;
    }

    internal void Tell(LoopEndedException e)
    {
        Interlocked.CompareExchange(ref _first, e, null);
        lifetime.StopApplication();
    }
}
