using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Audit;
using ChatOps.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace ChatOps.Storage.ReadModels;

/// <param name="Latest">The latest time, in milliseconds, that any record so far has.</param>
internal readonly record struct StreamProgress(long Version, string Hash, long Latest);

/// <summary>
/// Folds records into the tables, one after the other, within a transaction that its owner opens and commits. What it holds in memory does
/// not grow with the log: the states without their past, and the ends of the streams.
/// </summary>
internal sealed class Projection : IDisposable
{
    private const int SnapshotEvery = 128;

    private readonly SqliteConnection _connection;
    private readonly LineRows _lines;
    private readonly OpeningRows _openings;
    private readonly SqliteCommand _snapshot;
    private readonly SqliteCommand _change;
    private readonly SqliteCommand _revision;
    private readonly SqliteCommand _stream;
    private readonly SqliteCommand _progress;
    private readonly Dictionary<string, StreamProgress> _streams = new(StringComparer.Ordinal);
    private readonly Dictionary<Name<Gateway>, GatewayState> _states = [];
    private readonly Dictionary<Name<Gateway>, long> _snapshots = [];
    private readonly HashSet<string> _moved = new(StringComparer.Ordinal);
    private long _count;

    public Projection(SqliteConnection connection)
    {
        _connection = connection;
        _lines = new LineRows(connection);
        _openings = new OpeningRows(connection);
        _snapshot = SqliteRows.Prepare(
            connection,
            "INSERT INTO snapshots (gateway, version, latest, state) VALUES ($gateway, $version, $latest, $state)",
            "$gateway",
            "$version",
            "$latest",
            "$state"
        );
        _change = SqliteRows.Prepare(
            connection,
            "INSERT OR REPLACE INTO changes VALUES ($gateway, $number, $version)",
            "$gateway",
            "$number",
            "$version"
        );
        _revision = SqliteRows.Prepare(
            connection,
            "INSERT OR REPLACE INTO revisions VALUES ($gateway, $revision, $version)",
            "$gateway",
            "$revision",
            "$version"
        );
        _stream = SqliteRows.Prepare(
            connection,
            "INSERT OR REPLACE INTO streams VALUES ($stream, $version, $hash, $latest)",
            "$stream",
            "$version",
            "$hash",
            "$latest"
        );
        _progress = SqliteRows.Prepare(connection, "UPDATE progress SET position = $position, lines = $lines", "$position", "$lines");
    }

    /// <summary>The position of the last record folded; 0 for none.</summary>
    public long Position { get; private set; }

    public IReadOnlyDictionary<string, StreamProgress> Streams => _streams;

    public async Task ResumeAsync(Func<Name<Gateway>, long, Task<(GatewayState State, long Snapshot)>> stateOf)
    {
        Position = (long)SqliteFile.Scalar(_connection, "SELECT position FROM progress")!;
        _count = (long)SqliteFile.Scalar(_connection, "SELECT lines FROM progress")!;
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT stream, version, hash, latest FROM streams";
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
                _streams[reader.GetString(0)] = new(reader.GetInt64(1), reader.GetString(2), reader.GetInt64(3));
        }

        foreach (var (stream, progress) in _streams)
        {
            if (Gateway.OfStream(stream) is { } name)
                (_states[name], _snapshots[name]) = await stateOf(name, progress.Version);
        }
    }

    /// <summary>True when a record is the next one of its stream; if not, the log is not the one that was followed.</summary>
    public bool Follows(Recorded recorded) =>
        _streams.TryGetValue(recorded.Stream, out var end)
            ? recorded.Version == end.Version + 1 && recorded.Previous == end.Hash
            : recorded.Version == 1 && recorded.Previous == RecordFormat.NoPrevious;

    public void Add(Recorded recorded)
    {
        var latest = Math.Max(recorded.Time.ToUnixTimeMilliseconds(), _streams.GetValueOrDefault(recorded.Stream).Latest);
        if (Gateway.OfStream(recorded.Stream) is { } name)
            Add(name, recorded, latest);
        else if (AuditTrail.EntryOf(GatewayState.Initial(default), recorded.Event, _ => []) is { } entry)
            _lines.Add(_count++, null, entry, recorded);
        _streams[recorded.Stream] = new(recorded.Version, recorded.Hash, latest);
        _moved.Add(recorded.Stream);
        Position = recorded.Position;
    }

    /// <summary>Begins a transaction; false when another process has written to the file meanwhile.</summary>
    public bool Begin()
    {
        SqliteFile.Execute(_connection, "BEGIN IMMEDIATE");
        return (long)SqliteFile.Scalar(_connection, "SELECT position FROM progress")! == Position;
    }

    /// <summary>Writes how far it has come, and ends the transaction.</summary>
    public void Commit()
    {
        _lines.Flush();
        foreach (var stream in _moved)
            SqliteRows.With(_stream, stream, _streams[stream].Version, _streams[stream].Hash, _streams[stream].Latest).ExecuteNonQuery();
        _moved.Clear();
        SqliteRows.With(_progress, Position, _count).ExecuteNonQuery();
        SqliteFile.Execute(_connection, "COMMIT");
    }

    public void Dispose()
    {
        foreach (var command in new[] { _snapshot, _change, _revision, _stream, _progress })
            command.Dispose();
        _lines.Dispose();
        _openings.Dispose();
        _connection.Dispose();
    }

    private void Add(Name<Gateway> name, Recorded recorded, long latest)
    {
        var after = (_states.TryGetValue(name, out var state) ? state : GatewayState.Initial(name)).With(recorded);
        if (AuditTrail.EntryOf(after, recorded.Event, e => _openings.LedTo(name, e)) is { } entry)
            _lines.Add(_count++, after, entry, recorded);
        _openings.Add(after, recorded);
        if (recorded.Event is ChangeProposed proposed)
            SqliteRows.With(_change, name.ToString(), proposed.Number, recorded.Version).ExecuteNonQuery();
        if (recorded.Event is ChangeApplied applied)
            SqliteRows.With(_revision, name.ToString(), applied.Revision.Number, recorded.Version).ExecuteNonQuery();
        if (recorded.Event is ChangeEvent { Number: var number } && !after.Changes[number].IsOpen)
            after = after.WithoutPast();
        _states[name] = after;

        // A large edge is written less often, so that the snapshots of a log stay a fraction of it.
        var edge = after.Running;
        if (
            recorded.Version - _snapshots.GetValueOrDefault(name)
            < SnapshotEvery + ((edge.Exposures.Count + edge.Vms.Count + edge.Peers.Count) / 8)
        )
            return;
        SqliteRows.With(_snapshot, name.ToString(), recorded.Version, latest, StateSnapshot.Write(after)).ExecuteNonQuery();
        _snapshots[name] = recorded.Version;
    }
}
