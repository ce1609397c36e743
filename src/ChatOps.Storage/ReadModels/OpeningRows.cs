using System.Text.Json;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace ChatOps.Storage.ReadModels;

/// <summary>Writes the times that endpoints were open, or were to be and were not.</summary>
internal sealed class OpeningRows : IDisposable
{
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _close;
    private readonly SqliteCommand _extend;
    private readonly SqliteCommand _led;
    private readonly SqliteCommand _ledTo;

    public OpeningRows(SqliteConnection connection)
    {
        _insert = SqliteRows.Prepare(
            connection,
            """
            INSERT INTO openings (gateway, endpoint, change, targets, state, opened, ended, who, approvers, why, promised, outcome, extensions)
            VALUES ($gateway, $endpoint, $change, $targets, $state, $opened, $ended, $who, $approvers, $why, $promised, $outcome, '')
            """,
            "$gateway",
            "$endpoint",
            "$change",
            "$targets",
            "$state",
            "$opened",
            "$ended",
            "$who",
            "$approvers",
            "$why",
            "$promised",
            "$outcome"
        );
        const string now = "WHERE gateway = $gateway AND endpoint = $endpoint AND state = 'open'";
        _close = SqliteRows.Prepare(
            connection,
            $"UPDATE openings SET state = 'closed', ended = $ended, outcome = $outcome {now}",
            "$gateway",
            "$endpoint",
            "$ended",
            "$outcome"
        );
        _extend = SqliteRows.Prepare(
            connection,
            $"UPDATE openings SET promised = $promised, extensions = extensions || iif(extensions = '', '', '; ') || $words {now}",
            "$gateway",
            "$endpoint",
            "$promised",
            "$words"
        );
        _led = SqliteRows.Prepare(
            connection,
            "INSERT INTO led VALUES ($gateway, $endpoint, $vm) ON CONFLICT DO NOTHING",
            "$gateway",
            "$endpoint",
            "$vm"
        );
        _ledTo = SqliteRows.Prepare(
            connection,
            "SELECT vm FROM led WHERE gateway = $gateway AND endpoint = $endpoint",
            "$gateway",
            "$endpoint"
        );
    }

    public IEnumerable<string> LedTo(Name<Gateway> gateway, PublicEndpoint endpoint)
    {
        using var reader = SqliteRows.With(_ledTo, gateway.ToString(), endpoint.ToString()).ExecuteReader();
        while (reader.Read())
            yield return reader.GetString(0);
    }

    /// <param name="after">The gateway with it, and with the change that it is about.</param>
    public void Add(GatewayState after, Recorded recorded)
    {
        switch (recorded.Event)
        {
            case ExposureOpened e:
                Close(after.Name, e.Endpoint, recorded.Time, $"led elsewhere by #{e.Change}");
                foreach (var vm in e.Targets.Select(t => t.Vm).Distinct())
                    SqliteRows.With(_led, after.Name.ToString(), e.Endpoint.ToString(), vm.ToString()).ExecuteNonQuery();
                Insert(after, after.Changes.GetValueOrDefault(e.Change), e, "open", recorded, "");
                break;
            case ExposureClosed e:
                Close(after.Name, e.Endpoint, recorded.Time, EndOf(after.Changes.GetValueOrDefault(e.Change), recorded.Actor));
                break;
            case VmRenamed e:
                foreach (var exposure in after.Running.LeadingTo(e.To))
                    SqliteRows.With(_led, after.Name.ToString(), exposure.Endpoint.ToString(), e.To.ToString()).ExecuteNonQuery();
                break;
            case ExposureExtended e:
                var by = after.Changes.GetValueOrDefault(e.Change);
                SqliteRows
                    .With(
                        _extend,
                        after.Name.ToString(),
                        e.Endpoint.ToString(),
                        Millis(e.Until),
                        $"extended by {Who(by, recorded.Actor)}{Consent(by)}"
                    )
                    .ExecuteNonQuery();
                break;
            case ChangeEvent e when EventTypes.Of(e) is var kind && kind.NotOpenedBy(e, recorded.Actor.Name) is { } outcome:
                NeverOpened(after, e.Number, kind.State!, recorded, outcome);
                break;
        }
    }

    public void Dispose()
    {
        foreach (var command in new[] { _insert, _close, _extend, _led, _ledTo })
            command.Dispose();
    }

    private void NeverOpened(GatewayState after, int number, string state, Recorded recorded, string outcome)
    {
        if (!after.Changes.TryGetValue(number, out var change))
            return;
        foreach (var opened in change.Effects.OfType<ExposureOpened>())
            Insert(after, change, opened, state, recorded, outcome);
    }

    private void Insert(GatewayState after, Change? change, ExposureOpened e, string state, Recorded recorded, string outcome) =>
        SqliteRows
            .With(
                _insert,
                after.Name.ToString(),
                e.Endpoint.ToString(),
                e.Change,
                $"{string.Join(',', e.Targets)}{e.Options?.Words}",
                state,
                Millis(recorded.Time),
                state == "open" ? DBNull.Value : Millis(recorded.Time),
                Who(change, recorded.Actor),
                JsonSerializer.Serialize(change?.Consents ?? []),
                change?.Reason ?? (object)DBNull.Value,
                e.Options?.Until is { } until ? Millis(until) : DBNull.Value,
                outcome.ReplaceLineEndings(" / ")
            )
            .ExecuteNonQuery();

    private void Close(Name<Gateway> gateway, PublicEndpoint endpoint, DateTimeOffset time, string outcome) =>
        SqliteRows.With(_close, gateway.ToString(), endpoint.ToString(), Millis(time), outcome.ReplaceLineEndings(" / ")).ExecuteNonQuery();

    private static string EndOf(Change? change, Actor actor) =>
        change is not null && change.By.IsSameAs(Actor.Reconcile)
            ? $"closed by itself, {change.Reason}"
            : $"closed by {Who(change, actor)}{Consent(change)}{(change?.Reason is { } why ? $": \"{why}\"" : "")}";

    private static string Who(Change? change, Actor otherwise) => (change?.By ?? otherwise).Name;

    private static string Consent(Change? change) =>
        change is { Consents: { IsEmpty: false } some } ? $", approved by {string.Join(", ", some)}" : "";

    private static long Millis(DateTimeOffset time) => time.ToUnixTimeMilliseconds();
}
