using ChatOps.Core.Application.Ports;

namespace ChatOps.Specs.Storage;

/// <summary>
/// What every event log does, whatever it is kept in. A test class for one kind derives from this and says how to open it: each instance
/// of the class is a store of its own, and each opening is another process as far as the log can tell.
/// What is opened is closed before the class is disposed.
/// </summary>
public abstract partial class EventLogConformance : IAsyncLifetime
{
    private readonly List<IEventLog> _opened = [];

    /// <summary>Opens this test's store once more.</summary>
    protected abstract Task<IEventLog> OpenStoreAsync();

    /// <summary>Opens this test's store; closed after the test.</summary>
    protected async Task<IEventLog> OpenAsync()
    {
        var log = await OpenStoreAsync();
        _opened.Add(log);
        return log;
    }

    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        foreach (var log in _opened.OfType<IAsyncDisposable>())
            await log.DisposeAsync();
    }
}
