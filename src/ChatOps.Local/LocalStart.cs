using System.Collections.Immutable;
using System.Text.Json;
using ChatOps.Core.Application.Erasure;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Proof.Keeping;
using ChatOps.Storage.Sqlite;
using ChatOps.Storage.Starting;

namespace ChatOps.Local;

/// <summary>
/// Opens a long log without reading all of it, keeps for the next start what it has come to, and reads all of it while the program works
/// already. What it finds then ends the writing: a log that cannot be trusted gets no more records.
/// </summary>
/// <param name="worth">How many records a log must have for it; one that has fewer is read in a moment.</param>
internal sealed partial class LocalStart(string path, TimeProvider clock, ILogger<LocalStart> log, long worth)
{
    private const int SaveEvery = 10_000;

    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    private readonly StartFile _file = new(Path.ChangeExtension(path, "start"));
    private ImmutableDictionary<string, Actor> _people = ImmutableDictionary<string, Actor>.Empty;
    private VerifiedLog _verified = new(0, default);
    private long _read;
    private long _saved;

    /// <summary>What the start went on from; null when all of the log was read.</summary>
    public StartPoint? From { get; private set; }

    /// <summary>What was verified when; null when all of it was at the start.</summary>
    public StartCheck? Check { get; private set; }

    /// <exception cref="LogCorruptException">A record cannot be trusted.</exception>
    public async Task<SqliteEventLog> OpenAsync(string people, CancellationToken cancel)
    {
        var point = File.Exists(people) ? await ReadAsync(people, cancel) : null;
        var stored = await SqliteEventLog.OpenAsync(path, from: point?.Mark, cancel: cancel);
        if (stored.GoesOn && point is not null)
        {
            (From, _verified, _saved) = (point, point.Verified, point.Mark.Position);
            Check = new(point.Verified.Records, point.Verified.At);
            Started(Check.Sentence);
        }
        else if (point is not null)
        {
            var fault =
                $"the log has not the {Counts.Of(point.Mark.Position, "record")} that it once had: its end was cut off, it was written anew, or an older copy was put back. Nothing is written any more. "
                + $"Next: audit verify, and restore {path} from a copy; to go on with what is there, delete {Path.ChangeExtension(path, "start")}";
            stored.Refuse(fault);
            Untrusted(fault);
        }

        return stored;
    }

    /// <summary>Takes note of whose keys the log needs, as far as it was read.</summary>
    public async Task NoteAsync(NeededKeys use, IEventLog stored, CancellationToken cancel)
    {
        (_people, _read) = (use.Needed, await stored.HeadAsync(cancel));
        if (From is null)
            _verified = new(_read, clock.GetUtcNow());
    }

    /// <summary>Reads all of the log when the start did not, and keeps the file for the next start, until cancelled.</summary>
    public async Task RunAsync(OpenedLog kept, Ledger ledger, Action<string> alert, CancellationToken cancel)
    {
        try
        {
            if (Check is not null && await FaultAsync(kept, cancel) is { } fault)
                await EndWritingAsync(
                    kept.Stored,
                    $"{fault.TrimEnd('.')}. Nothing is written any more. Next: audit verify, and start again",
                    alert,
                    cancel
                );
            using var timer = new PeriodicTimer(Look, clock);
            do
            {
                if (await kept.Stored.HeadAsync(cancel) - _saved >= (_saved == 0 ? worth : SaveEvery))
                    await SaveAsync(kept, ledger, cancel);
            } while (await timer.WaitForNextTickAsync(cancel));
        }
        finally
        {
            if (Check?.Fault is null && await kept.Stored.HeadAsync(CancellationToken.None) is var head && head >= worth && head > _saved)
                await SaveAsync(kept, ledger, CancellationToken.None);
        }
    }

    // What this process shows may be wrong, so it goes on showing it only until somebody has looked.
    private async Task EndWritingAsync(SqliteEventLog stored, string fault, Action<string> alert, CancellationToken cancel)
    {
        Check!.Fail(fault);
        stored.Refuse(fault);
        _file.Delete();
        Untrusted(fault);
        alert(fault);
        await Task.Delay(Timeout.Infinite, cancel);
    }

    private async Task<StartPoint?> ReadAsync(string people, CancellationToken cancel)
    {
        if (!File.Exists(Path.ChangeExtension(path, "start")))
            return null;
        try
        {
            await using var keys = SqlitePersonKeys.Open(people);
            return await _file.ReadAsync(keys, cancel);
        }
        catch (Exception e) when (e is IOException or Microsoft.Data.Sqlite.SqliteException)
        {
            // Whatever is wrong with the keys is said when they are looked at for themselves.
            return null;
        }
    }

    // The key first: whoever is forgotten while this is written takes the key of it along.
    private async Task SaveAsync(OpenedLog kept, Ledger ledger, CancellationToken cancel)
    {
        try
        {
            var key = await kept.People.StartKeyAsync(cancel);
            var folded = await ledger.FoldAsync(cancel);
            var use = await NeededKeys.OfAsync(kept.Stored, _people, _read, cancel);
            (_people, _read) = (use.Needed, folded.Position);
            _file.Write(key, new(await kept.Stored.MarkAsync(folded.Position, cancel), folded, _people, _verified));
            _saved = folded.Position;
        }
        catch (IOException e)
        {
            NotKept(e.Message);
        }
    }

    private async Task<string?> FaultAsync(OpenedLog kept, CancellationToken cancel)
    {
        try
        {
            var pace = new Pace(cancel);
            await kept.Stored.VerifyAsync(pace, cancel);
            var verdict = await kept.Signer.VerifyAsync(pace, cancel);
            if (verdict.Fault is { } fault)
                return $"the log cannot be trusted: {fault}";
            if (await OtherwiseAsync(kept, cancel) is { } other)
                return $"{other} is not what the log says; this program started from a file that was not made of it";
            _verified = new(verdict.Records, clock.GetUtcNow());
            Check!.Pass(_verified.At);
            Started(Check.Sentence);
            return null;
        }
        catch (LogCorruptException e)
        {
            return e.Message;
        }
        catch (IOException) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancel);
        }
    }

    // What is decided on, folded anew from the first record; the past is not, for it takes room and decides nothing by itself.
    private async Task<string?> OtherwiseAsync(OpenedLog kept, CancellationToken cancel)
    {
        var states = new Dictionary<Name<Gateway>, GatewayState>();
        var pace = new Pace(cancel);
        await foreach (var recorded in kept.Events.ReadAllAsync(0, cancel))
        {
            if (recorded.Position > From!.Mark.Position)
                break;
            if (Gateway.OfStream(recorded.Stream) is not { } name)
                continue;
            var after = (states.TryGetValue(name, out var state) ? state : GatewayState.Initial(name)).With(recorded);
            states[name] =
                recorded.Event is ChangeEvent { Number: var number } && !after.Changes[number].IsOpen ? after.WithoutPast() : after;
            if (recorded.Position % 1_000 == 0)
                pace.Report(recorded.Position);
        }

        var started = From!.Folded.States;
        var differs = started
            .Keys.Union(states.Keys)
            .FirstOrDefault(n => !started.TryGetValue(n, out var s) || !states.TryGetValue(n, out var t) || Essence(s) != Essence(t));
        return differs == default ? null : differs.ToString();
    }

    // Without what people wrote: somebody may have been forgotten in between.
    private static string Essence(GatewayState state)
    {
        var form = StateForm.Of(state);
        var changes = form.Changes.Select(c =>
            c with
            {
                Reason = null,
                By = c.By with { Name = "" },
                Given = [.. c.Given.Select(g => g with { By = g.By with { Name = "" } })],
                Glass = null,
            }
        );
        return FormattableString.Invariant(
            $"{state.Version} {JsonSerializer.Serialize(form with { Changes = [.. changes] }, EventJson.Options)}"
        );
    }

    [LoggerMessage(1, LogLevel.Information, "{Sentence}")]
    private partial void Started(string sentence);

    [LoggerMessage(2, LogLevel.Critical, "{Problem}")]
    private partial void Untrusted(string problem);

    [LoggerMessage(3, LogLevel.Warning, "nothing is kept for the next start, which reads all of the log: {Problem}")]
    private partial void NotKept(string problem);
}

/// <summary>A log that is open, with what its start wants of it.</summary>
/// <param name="Signer">Checks it against what was signed.</param>
internal sealed record OpenedLog(SqliteEventLog Stored, IEventLog Events, SqlitePersonKeys People, CheckpointSigner Signer);
