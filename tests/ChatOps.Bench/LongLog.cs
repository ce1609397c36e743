using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Core.Application.Erasure;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace ChatOps.Bench;

/// <summary>
/// The log of a busy team after two years: four gateways, fifty VMs, twenty people, ports that come and go. Written straight into the log's
/// file in large transactions, each record sealed as an append seals it, and beside it as lines of JSON for those who would search with
/// grep.
/// </summary>
internal sealed class LongLog(string path, string lines, int events)
{
    public const int Gateways = 4;
    public const int Vms = 50;
    public const int People = 20;

    private const int AtOnce = 20_000;
    private const int OpenPorts = 300;

    private readonly Dictionary<string, (long Version, string Hash)> _ends = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TextSeal> _seals = new(StringComparer.Ordinal);
    private readonly TimeSpan _step = TimeSpan.FromDays(700) / events;
    private SqliteCommand _insert = null!;
    private StreamWriter _lines = null!;
    private int _count;

    public static DateTimeOffset End { get; } = new(2026, 11, 26, 0, 0, 0, TimeSpan.Zero);

    public static Name<Gateway> GatewayAt(int n) => Text.Parse<Name<Gateway>>(FormattableString.Invariant($"gw{(n % Gateways) + 1}"));

    /// <summary>
    /// The file for the keys that names and reasons are sealed under; null for a log with them in the open, as they once were.
    /// </summary>
    public string? Keys { get; init; }

    /// <summary>How many changes each gateway has.</summary>
    public int Changes { get; private set; }

    public async Task WriteAsync(CancellationToken cancel)
    {
        await (await SqliteEventLog.OpenAsync(path, cancel: cancel)).DisposeAsync();
        if (Keys is not null)
        {
            await using var keys = SqlitePersonKeys.Open(Keys);
            for (var n = 0; n < People; n++)
                _seals[Person(n).Id] = new TextSeal(await keys.OfAsync(Person(n), cancel));
        }

        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync(cancel);
        using var setup = connection.CreateCommand();
        setup.CommandText = "PRAGMA synchronous = OFF";
        setup.ExecuteNonQuery();
        _insert = connection.CreateCommand();
        _insert.CommandText = "INSERT INTO records (stream, version, id, hash, body) VALUES ($stream, $version, $id, $hash, $body)";
        foreach (var name in new[] { "$stream", "$version", "$id", "$hash", "$body" })
            _insert.Parameters.AddWithValue(name, "");
        await using (_lines = new StreamWriter(lines))
        {
            for (var begun = 0; _count < events; begun = _count)
            {
                cancel.ThrowIfCancellationRequested();
                await using var transaction = await connection.BeginTransactionAsync(cancel);
                _insert.Transaction = (SqliteTransaction)transaction;
                while (_count < events && _count - begun < AtOnce)
                    Next();
                await transaction.CommitAsync(cancel);
            }
        }

        _insert.Dispose();
    }

    // All gateways take turns, so that a time is in all of them.
    private void Next()
    {
        if (_count == 0)
        {
            for (var g = 0; g < Gateways; g++)
                Begin(GatewayAt(g));
            return;
        }

        Changes++;
        for (var g = 0; g < Gateways; g++)
            Change(GatewayAt(g), Changes, g);
    }

    private void Begin(Name<Gateway> gateway)
    {
        Add(gateway, Actor.Configuration, new GatewayAdded(0, Gateway.WithDefaults(gateway, [Text.Parse<Address>("203.0.113.10")], null)));
        for (var v = 1; v <= Vms; v++)
            Add(gateway, Actor.Configuration, new VmAdded(0, Vm(v), [Text.Parse<Address>(FormattableString.Invariant($"400::{v:x}"))]));
    }

    private void Change(Name<Gateway> gateway, int number, int turn)
    {
        // A port is closed by the change after the one that opened it, OpenPorts changes later.
        var closes = number > OpenPorts && number % 2 == 0;
        var port = new PublicPort(Protocol.Tcp, new Port(443 + (closes ? number - OpenPorts - 1 : number) % 20_000));
        Effect effect = closes
            ? new ExposureClosed(number, port)
            : new ExposureOpened(number, port, [new VmEndpoint(Vm(1 + (((number * 7) + turn) % Vms)), new Port(8080))]);
        var (by, approver) = (Person(number % 15), Person(15 + (number % 5)));
        var reason = string.Create(
            CultureInfo.InvariantCulture,
            $"ticket {number}, incident {number % 1000}, asked for by team {number % 37}"
        );
        var hash = RecordFormat.HashOf(reason);
        Add(
            gateway,
            by,
            new ChangeProposed(number, $"{(closes ? "unexpose" : "expose")} {port}", reason, [effect], hash, new Approvals(1, "approver"))
        );
        if (number % 19 == 0)
        {
            Add(gateway, approver, new ChangeDenied(number, "wrong machine"));
            return;
        }

        Add(gateway, approver, new ChangeApproved(number, hash));
        Add(gateway, approver, new ChangeAccepted(number, new Revision(number)));
        if (number % 53 == 0)
        {
            Add(
                gateway,
                Actor.Apply,
                new ChangeFailed(number, new Revision(number), "switching", "nginx: bind() failed", new Revision(number - 1))
            );
            return;
        }

        Add(gateway, Actor.Apply, effect);
        Add(
            gateway,
            Actor.Apply,
            new ChangeApplied(number, new Revision(number), hash, ImmutableSortedDictionary<string, int>.Empty.Add("total", 74), [])
        );
    }

    private void Add(Name<Gateway> gateway, Actor actor, GatewayEvent @event)
    {
        var stream = Gateway.StreamOf(gateway);
        var (version, previous) = _ends.TryGetValue(stream, out var end) ? end : (0, RecordFormat.NoPrevious);
        var record = new NewRecord(
            string.Create(CultureInfo.InvariantCulture, $"long.{_count:D9}"),
            End - (_step * (events - _count)),
            actor,
            null,
            null,
            @event
        );
        if (_seals.TryGetValue(actor.Id, out var seal))
            record = record with { Actor = PersonalTexts.Change(actor, Sealed), Event = PersonalTexts.Change(@event, Sealed) };
        var (body, hash) = RecordFormat.Seal(record, stream, version + 1, previous);
        SetAll(stream, version + 1, record.Id, hash, body);
        _insert.ExecuteNonQuery();
        _lines.WriteLine(body);
        _ends[stream] = (version + 1, hash);
        _count++;

        string Sealed(string field, string text) => seal.Seal(record.Id, field, text).ToString();
    }

    private void SetAll(params object[] values)
    {
        for (var i = 0; i < values.Length; i++)
            _insert.Parameters[i].Value = values[i];
    }

    private static Name<Vm> Vm(int n) => Text.Parse<Name<Vm>>(FormattableString.Invariant($"vm{n}"));

    private static Actor Person(int n) =>
        new("local", FormattableString.Invariant($"person{n}"), FormattableString.Invariant($"person{n}"));
}
