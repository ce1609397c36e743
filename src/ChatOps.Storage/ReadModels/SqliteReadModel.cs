using System.Runtime.CompilerServices;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Audit;
using ChatOps.Core.Language.Words;
using Microsoft.Data.Sqlite;

namespace ChatOps.Storage.ReadModels;

/// <summary>
/// The read model in one SQLite file of this process, over any log. It goes on from where the file says it was, or begins anew when the
/// file is missing, is of another schema or damaged, or when the log is not the one that the file was made from: another record stands
/// where the last one stood, or none, because an older copy of the log was put back. It begins anew, too, when it comes to know that
/// somebody is to be forgotten: what it holds was written before.
/// </summary>
public sealed partial class SqliteReadModel : IReadModel, IAsyncDisposable
{
    private const int BatchSize = 2_000;
    private const int MaxTries = 5;

    private readonly ReadModelFile _file;
    private readonly IEventLog _log;
    private readonly IProgress<long>? _progress;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly HashSet<string> _forgotten = new(StringComparer.Ordinal);
    private readonly ReadLock _turn;
    private readonly StateReads _states;
    private readonly LineReads _lines;
    private readonly OpeningReads _openings;
    private SqliteConnection? _connection;
    private Projection? _projection;

    /// <summary>A read model that is opened, and made where needed, at the first question.</summary>
    /// <param name="path">The file; its folder must be there, and no other process may use it.</param>
    /// <param name="progress">Told the position in the log every few thousand records.</param>
    public SqliteReadModel(string path, IEventLog log, IProgress<long>? progress = null)
    {
        (_file, _log, _progress) = (new ReadModelFile(path), log, progress);
        _turn = new ReadLock(_file.ConnectToRead);
        (_states, _lines, _openings) = (new StateReads(_turn, log), new LineReads(_turn), new OpeningReads(_turn));
    }

    /// <inheritdoc/>
    public async Task CatchUpAsync(CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel);
        try
        {
            for (var attempt = 0; attempt < MaxTries; attempt++)
            {
                if (_projection is null)
                    await OpenAsync(cancel);
                switch (await FollowAsync(cancel))
                {
                    case Followed.ToTheEnd:
                        return;
                    case Followed.AnotherLog or Followed.UntilSomebodyIsForgotten:
                        await MakeAnewAsync(cancel);
                        break;
                }
            }

            throw new IOException(
                $"following the log into {_file.Path}: {MaxTries} times something came in between. Next: see that only one process uses it"
            );
        }
        catch (SqliteException e) when (ReadModelFile.IsDamage(e))
        {
            await MakeAnewAsync(cancel);
            await FollowAsync(cancel);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task RebuildAsync(CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel);
        try
        {
            await MakeAnewAsync(cancel);
        }
        finally
        {
            _writing.Release();
        }

        await CatchUpAsync(cancel);
    }

    /// <inheritdoc/>
    public Task<AuditPage> FindAsync(AuditSearch search, int page, int length, CancellationToken cancel) =>
        AskAsync(() => _lines.FindAsync(search, page, length, cancel), cancel);

    /// <inheritdoc/>
    public async IAsyncEnumerable<AuditLine> ReadAsync(AuditSearch search, [EnumeratorCancellation] CancellationToken cancel)
    {
        await CatchUpAsync(cancel);
        await foreach (var line in _lines.ReadAsync(search, cancel))
            yield return line;
    }

    /// <inheritdoc/>
    public Task<OpeningPage> HistoryAsync(
        Name<Gateway>? gateway,
        AskedEndpoint asked,
        LogSpan time,
        int page,
        int length,
        CancellationToken cancel
    ) => AskAsync(() => _openings.HistoryAsync(gateway, asked.Endpoints, time, page, length, cancel), cancel);

    /// <inheritdoc/>
    public Task<OpeningPage> OpenAsync(
        Name<Gateway> gateway,
        DateTimeOffset from,
        DateTimeOffset before,
        int page,
        int length,
        CancellationToken cancel
    ) =>
        AskAsync(
            async () =>
            {
                var state = await _states.AtTimeAsync(gateway, from, cancel);
                return await _openings.OpenAsync(gateway, state.Running.Exposures.Keys, from, before, page, length, cancel);
            },
            cancel
        );

    /// <inheritdoc/>
    public Task<GatewayState> StateAtAsync(Name<Gateway> gateway, DateTimeOffset time, CancellationToken cancel) =>
        AskAsync(async () => (await _states.AtTimeAsync(gateway, time, cancel)).WithoutPast(), cancel);

    /// <inheritdoc/>
    public Task<GatewayState?> BeforeChangeAsync(Name<Gateway> gateway, int change, CancellationToken cancel) =>
        AtAsync("changes", "number", gateway, change, -1, cancel);

    /// <inheritdoc/>
    public Task<GatewayState?> RevisionAsync(Name<Gateway> gateway, Revision revision, CancellationToken cancel) =>
        AtAsync("revisions", "revision", gateway, revision.Number, 0, cancel);

    /// <inheritdoc/>
    public Task<Vocabulary> VocabularyAsync(CancellationToken cancel) => AskAsync(() => _lines.VocabularyAsync(cancel), cancel);

    /// <summary>Closes the file. What was followed is in it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync();
        await CloseAsync(CancellationToken.None);
        _turn.Dispose();
        _writing.Dispose();
    }

    private Task<GatewayState?> AtAsync(
        string table,
        string column,
        Name<Gateway> gateway,
        int number,
        int step,
        CancellationToken cancel
    ) =>
        AskAsync(
            async () =>
                await _states.VersionOfAsync(table, column, gateway, number, cancel) is { } version
                    ? (await _states.AtVersionAsync(gateway, version + step, cancel)).State.WithoutPast()
                    : null,
            cancel
        );

    // A damaged file is nothing that anybody has to hear of: what is in it is in the log too.
    private async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancel)
    {
        await CatchUpAsync(cancel);
        try
        {
            return await ask();
        }
        catch (SqliteException e) when (ReadModelFile.IsDamage(e))
        {
            await RebuildAsync(cancel);
            return await ask();
        }
    }

    private async Task OpenAsync(CancellationToken cancel)
    {
        _connection = _file.ConnectToWrite();
        _projection = new Projection(_connection);
        try
        {
            if (!await IsOfThisLogAsync(cancel))
                await MakeAnewAsync(cancel);
            await _projection.ResumeAsync(async (name, version) => await _states.AtVersionAsync(name, version, cancel));
            if (_projection.Position == 0)
                await HearOfForgottenAsync(cancel);
        }
        catch
        {
            await CloseAsync(CancellationToken.None);
            throw;
        }
    }

    // The chain of each stream's hashes makes its last record stand for all of it.
    private async Task<bool> IsOfThisLogAsync(CancellationToken cancel)
    {
        using var command = _connection!.CreateCommand();
        command.CommandText = "SELECT stream, version, hash FROM streams";
        var ends = new List<(string Stream, long Version, string Hash)>();
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
                ends.Add((reader.GetString(0), reader.GetInt64(1), reader.GetString(2)));
        }

        foreach (var (stream, version, hash) in ends)
        {
            var last = await _log.ReadStreamAsync(stream, version - 1, cancel).FirstOrDefaultAsync(cancel);
            if (last?.Hash != hash)
                return false;
        }

        return true;
    }

    private async Task MakeAnewAsync(CancellationToken cancel)
    {
        await CloseAsync(cancel);
        await HearOfForgottenAsync(cancel);
        _connection = _file.MakeAnew();
        _projection = new Projection(_connection);
    }

    // Their keys are destroyed by reading that they are forgotten; what is read afterwards has nothing of theirs.
    private async Task HearOfForgottenAsync(CancellationToken cancel)
    {
        await foreach (var recorded in _log.ReadStreamAsync(LogStream.Name, 0, cancel))
        {
            if (recorded.Event is PersonForgotten)
                _forgotten.Add(recorded.Id);
        }
    }

    private async Task CloseAsync(CancellationToken cancel)
    {
        await _turn.CloseAsync(cancel);
        _projection?.Dispose();
        (_projection, _connection) = (null, null);
    }
}
