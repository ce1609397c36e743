using ChatOps.Core.Application.Ports;
using ChatOps.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Hosting;

/// <summary>Whoever was forgotten elsewhere, or while this process was away, is so here at once, and not when somebody asks next.</summary>
internal sealed class Forgetting(IReadModel past, ILogger<Forgetting> log) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Begins, and does not wait for it.</summary>
    public void Begin() =>
        _running = Task.WhenAll(
            _running,
            Supervised.RunAsync("forgetting somebody", Task.Run(() => past.CatchUpAsync(_stop.Token)), log, _stop.Token)
        );

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }
}
