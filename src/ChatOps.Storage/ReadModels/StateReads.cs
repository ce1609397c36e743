using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace ChatOps.Storage.ReadModels;

/// <summary>Gateways as they were: the last snapshot before the time, and the few records of the log after it.</summary>
internal sealed class StateReads(ReadLock turn, IEventLog log)
{
    private const string Snapshot = "SELECT version, state FROM snapshots WHERE gateway = $gateway AND";

    /// <summary>The gateway with all records up to a version, and the version of the snapshot that it was made from; 0 for none.</summary>
    public async Task<(GatewayState State, long Snapshot)> AtVersionAsync(Name<Gateway> gateway, long version, CancellationToken cancel)
    {
        var start = await StartAsync(gateway, $"{Snapshot} version <= $end ORDER BY version DESC LIMIT 1", version, cancel);
        var state = start;
        if (state.Version < version)
        {
            await foreach (var recorded in log.ReadStreamAsync(Gateway.StreamOf(gateway), state.Version, cancel))
            {
                state = state.With(recorded);
                if (recorded.Version >= version)
                    break;
            }
        }

        return (state, start.Version);
    }

    /// <summary>The gateway with all records up to the first that is younger than a time.</summary>
    public async Task<GatewayState> AtTimeAsync(Name<Gateway> gateway, DateTimeOffset time, CancellationToken cancel)
    {
        var sql = $"{Snapshot} latest <= $end ORDER BY latest DESC, version DESC LIMIT 1";
        var state = await StartAsync(gateway, sql, time.ToUnixTimeMilliseconds(), cancel);
        await foreach (var recorded in log.ReadStreamAsync(Gateway.StreamOf(gateway), state.Version, cancel))
        {
            if (recorded.Time > time)
                break;
            state = state.With(recorded);
        }

        return state;
    }

    /// <summary>The version of a record by what it did; null when there is none.</summary>
    /// <param name="table"><c>changes</c> or <c>revisions</c>.</param>
    public Task<long?> VersionOfAsync(string table, string column, Name<Gateway> gateway, int number, CancellationToken cancel) =>
        turn.RunAsync(
            c =>
            {
                using var command = SqliteRows.Prepare(
                    c,
                    $"SELECT version FROM {table} WHERE gateway = $gateway AND {column} = $number",
                    "$gateway",
                    "$number"
                );
                return SqliteRows.With(command, gateway.ToString(), number).ExecuteScalar() as long?;
            },
            cancel
        );

    // Unpacked outside of the turn: others may read meanwhile.
    private async Task<GatewayState> StartAsync(Name<Gateway> gateway, string sql, long end, CancellationToken cancel)
    {
        var found = await turn.RunAsync(
            c =>
            {
                using var command = SqliteRows.Prepare(c, sql, "$gateway", "$end");
                using var reader = SqliteRows.With(command, gateway.ToString(), end).ExecuteReader();
                return reader.Read() ? (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : ((long Version, byte[] State)?)null;
            },
            cancel
        );
        return found is var (version, state) ? StateSnapshot.Read(gateway, version, state) : GatewayState.Initial(gateway);
    }
}

/// <summary>One connection to read with, for one at a time; replaced when the file is made anew.</summary>
internal sealed class ReadLock(Func<SqliteConnection> connect) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private SqliteConnection? _connection;

    public async Task<T> RunAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            return read(_connection ??= connect());
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Closes the connection while something is done to the file.</summary>
    public async Task CloseAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        _connection?.Dispose();
        _connection = null;
        _turn.Release();
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _turn.Dispose();
    }
}
