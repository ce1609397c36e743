using ChatOps.Core.Application.Ports;
using ChatOps.Storage.Sqlite;

namespace ChatOps.Specs.Erasure;

public sealed class SqlitePersonKeysSpecs : PersonKeysConformance, IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly List<SqlitePersonKeys> _open = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var store in _open)
            await store.DisposeAsync();
        _folder.Dispose();
    }

    protected override IPersonKeys Open()
    {
        _open.Add(SqlitePersonKeys.Open(_folder.In("log.people")));
        return _open[^1];
    }
}
