using System.Collections.Immutable;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Values;
using Microsoft.Data.Sqlite;

namespace ChatOps.Storage.Sqlite;

/// <summary>
/// The keys of people in one SQLite file that only its owner reads. What is deleted is overwritten (<c>secure_delete</c>), and there is no
/// write-ahead log, in which it would live on. What the disk itself keeps of overwritten blocks is the disk's affair: encrypt it.
/// </summary>
public sealed class SqlitePersonKeys : IPersonKeys, IStartKeys, IAsyncDisposable
{
    private const int BusySeconds = 30;

    private static readonly Actor Start = new("system", "start", "start");

    private const string Create = """
        PRAGMA journal_mode = DELETE;
        PRAGMA secure_delete = ON;
        PRAGMA synchronous = FULL;
        CREATE TABLE IF NOT EXISTS people (
            id TEXT NOT NULL PRIMARY KEY,
            platform TEXT NOT NULL,
            person TEXT NOT NULL,
            name TEXT NOT NULL,
            secret BLOB NOT NULL,
            UNIQUE (platform, person)
        ) STRICT, WITHOUT ROWID;
        """;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _ofPerson;
    private readonly SqliteCommand _byId;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _rename;
    private readonly SqliteCommand _all;
    private readonly SqliteCommand _delete;
    private readonly SemaphoreSlim _turn = new(1);

    private SqlitePersonKeys(SqliteConnection connection)
    {
        _connection = connection;
        _ofPerson = SqliteRows.Prepare(
            connection,
            "SELECT id, secret, name FROM people WHERE platform = $platform AND person = $person",
            "$platform",
            "$person"
        );
        _byId = SqliteRows.Prepare(connection, "SELECT id, secret FROM people WHERE id = $id", "$id");
        _insert = SqliteRows.Prepare(
            connection,
            "INSERT INTO people (id, platform, person, name, secret) VALUES ($id, $platform, $person, $name, $secret) ON CONFLICT (platform, person) DO NOTHING",
            "$id",
            "$platform",
            "$person",
            "$name",
            "$secret"
        );
        _rename = SqliteRows.Prepare(connection, "UPDATE people SET name = $name WHERE id = $id", "$name", "$id");
        _all = SqliteRows.Prepare(
            connection,
            "SELECT id, platform, person, name FROM people WHERE platform <> 'system' ORDER BY platform, person"
        );
        _delete = SqliteRows.Prepare(connection, "DELETE FROM people WHERE id = $id", "$id");
    }

    /// <summary>Opens a store, or makes an empty one.</summary>
    /// <param name="path">The file; its folder must be there.</param>
    /// <exception cref="IOException">It cannot be used.</exception>
    public static SqlitePersonKeys Open(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        OwnerFile.Make(path);
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = Path.GetFullPath(path),
            Pooling = false,
            DefaultTimeout = BusySeconds,
        };
        var connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            SqliteFile.Execute(connection, $"PRAGMA busy_timeout = {BusySeconds * 1000}; {Create}");
            return new SqlitePersonKeys(connection);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new IOException($"opening {path}: {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<PersonKey> OfAsync(Actor person, CancellationToken cancel) => await InTurn(() => Of(person), cancel);

    /// <inheritdoc/>
    public async ValueTask<PersonKey?> FindAsync(string id, CancellationToken cancel) =>
        await InTurn(() => One(SqliteRows.With(_byId, id), r => new PersonKey(r.GetString(0), r.GetFieldValue<byte[]>(1))), cancel);

    /// <inheritdoc/>
    public Task<ImmutableArray<KnownPerson>> KnownAsync(CancellationToken cancel) =>
        InTurn(
            () =>
            {
                var people = ImmutableArray.CreateBuilder<KnownPerson>();
                using var reader = _all.ExecuteReader();
                while (reader.Read())
                    people.Add(
                        new KnownPerson(new Actor(reader.GetString(1), reader.GetString(2), reader.GetString(3)), reader.GetString(0))
                    );
                return people.ToImmutable();
            },
            cancel
        );

    /// <inheritdoc/>
    public Task DestroyAsync(IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        InTurn(
            () =>
            {
                // First what holds their texts for the next start.
                if (ids.Any(id => One(SqliteRows.With(_byId, id), r => r.GetString(0)) is not null) && Known(Start) is { } start)
                    SqliteRows.With(_delete, start.Id).ExecuteNonQuery();
                return ids.Sum(id => SqliteRows.With(_delete, id).ExecuteNonQuery());
            },
            cancel
        );

    /// <inheritdoc/>
    public async ValueTask<PersonKey?> FindStartKeyAsync(CancellationToken cancel) => await InTurn(() => Known(Start), cancel);

    /// <inheritdoc/>
    public async ValueTask<PersonKey> StartKeyAsync(CancellationToken cancel) => await InTurn(() => Of(Start), cancel);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        foreach (var command in new[] { _ofPerson, _byId, _insert, _rename, _all, _delete })
            command.Dispose();
        await _connection.DisposeAsync();
        _turn.Dispose();
    }

    private PersonKey Of(Actor person)
    {
        if (Find(person) is { } known)
            return known;

        // Another process may make one at this moment: whichever is in the file counts.
        var made = PersonKey.Make();
        SqliteRows.With(_insert, made.Id, person.Platform, person.Id, person.Name, made.Secret.ToArray()).ExecuteNonQuery();
        return Find(person)
            ?? throw new IOException($"the key of {person.Platform}:{person.Id} was destroyed while it was made. Next: try again");
    }

    private PersonKey? Known(Actor person) =>
        One(SqliteRows.With(_ofPerson, person.Platform, person.Id), r => new PersonKey(r.GetString(0), r.GetFieldValue<byte[]>(1)));

    private PersonKey? Find(Actor person)
    {
        var found = One(SqliteRows.With(_ofPerson, person.Platform, person.Id), r =>
            (Key: new PersonKey(r.GetString(0), r.GetFieldValue<byte[]>(1)), Name: r.GetString(2))
        );
        if (found.Key is not null && found.Name != person.Name)
            SqliteRows.With(_rename, person.Name, found.Key.Id).ExecuteNonQuery();
        return found.Key;
    }

    private static T? One<T>(SqliteCommand command, Func<SqliteDataReader, T> read)
    {
        using var reader = command.ExecuteReader();
        return reader.Read() ? read(reader) : default;
    }

    private async Task<T> InTurn<T>(Func<T> action, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            return action();
        }
        finally
        {
            _turn.Release();
        }
    }
}
