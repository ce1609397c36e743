using ChatOps.Core.Application.Erasure;
using ChatOps.Core.Application.Ports;
using ChatOps.Specs.Storage;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Specs.Erasure;

/// <summary>A log whose names and reasons are sealed is a log like any other.</summary>
public sealed class ErasableLogConformance : EventLogConformance, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<IAsyncDisposable> _below = [];

    public void Dispose()
    {
        foreach (var below in _below)
            below.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _folder.Dispose();
    }

    protected override async Task<IEventLog> OpenStoreAsync()
    {
        var (log, people) = (await SqliteEventLog.OpenAsync(_folder.In("log.db")), SqlitePersonKeys.Open(_folder.In("log.people")));
        _below.AddRange([log, people]);
        return new ErasableLog(log, people);
    }
}
