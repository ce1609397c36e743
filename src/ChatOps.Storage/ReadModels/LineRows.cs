using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Audit;
using ChatOps.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace ChatOps.Storage.ReadModels;

/// <summary>Writes audit lines and what they are found by.</summary>
internal sealed class LineRows : IDisposable
{
    // A line's key is its time in milliseconds and, below that, the last 20 bits of its number: time ranges are ranges of keys.
    private const int NumberBits = 20;
    private const long NumberMask = (1L << NumberBits) - 1;

    private readonly SqliteCommand _line;
    private readonly SqliteCommand _terms;
    private readonly SqliteCommand _name;
    private readonly Dictionary<(string Kind, string Name), long> _names = [];

    public LineRows(SqliteConnection connection)
    {
        _line = SqliteRows.Prepare(
            connection,
            "INSERT INTO lines VALUES ($key, $position, $gateway, $change, $what, $who, $details)",
            "$key",
            "$position",
            "$gateway",
            "$change",
            "$what",
            "$who",
            "$details"
        );
        _terms = SqliteRows.Prepare(connection, "INSERT INTO terms (rowid, words) VALUES ($key, $terms)", "$key", "$terms");
        _name = SqliteRows.Prepare(
            connection,
            "INSERT INTO names VALUES ($kind, $name, $last) ON CONFLICT DO UPDATE SET last = max(last, excluded.last)",
            "$kind",
            "$name",
            "$last"
        );
    }

    public static long KeyOf(DateTimeOffset time) => Math.Max(0, time.ToUnixTimeMilliseconds()) << NumberBits;

    public static DateTimeOffset TimeOf(long key) => DateTimeOffset.FromUnixTimeMilliseconds(key >> NumberBits);

    /// <param name="after">The gateway with the record; null for a record of none.</param>
    public void Add(long number, GatewayState? after, AuditEntry entry, Recorded recorded)
    {
        var key = KeyOf(recorded.Time) | (number & NumberMask);
        var gateway = after?.Name.ToString();
        SqliteRows
            .With(
                _line,
                key,
                recorded.Position,
                gateway ?? (object)DBNull.Value,
                entry.Change?.Number ?? 0,
                entry.What,
                recorded.Actor.Name,
                entry.Details
            )
            .ExecuteNonQuery();
        SqliteRows.With(_terms, key, string.Join(' ', TermsOf(after, entry, recorded).Distinct())).ExecuteNonQuery();
        if (gateway is not null)
            _names[("gateway", gateway)] = key;
        foreach (var name in entry.Touched.Names)
            _names[("name", name)] = key;
        foreach (var endpoint in entry.Touched.Endpoints)
            _names[("endpoint", endpoint.ToString())] = key;
        _names[("person", recorded.Actor.Name)] = key;
    }

    /// <summary>Writes what was gathered; before each commit.</summary>
    public void Flush()
    {
        foreach (var ((kind, name), last) in _names)
            SqliteRows.With(_name, kind, name, last).ExecuteNonQuery();
        _names.Clear();
    }

    public void Dispose()
    {
        foreach (var command in new[] { _line, _terms, _name })
            command.Dispose();
    }

    private static IEnumerable<string> TermsOf(GatewayState? after, AuditEntry entry, Recorded recorded)
    {
        yield return Terms.Line(entry.What);
        if (after is not null)
            yield return Terms.Gateway(after.Name);
        foreach (var term in Of(recorded.Actor, Terms.Actor))
            yield return term;
        foreach (var endpoint in entry.Touched.Endpoints)
            yield return Terms.Endpoint(endpoint);
        foreach (var name in entry.Touched.Names)
        {
            yield return Terms.Name(name);
            if (after is not null && after.Renames.Given(name) is > 0 and var given)
                yield return Terms.Given(new(after.Name, name, given));
        }

        foreach (var word in entry.Touched.Done)
            yield return Terms.Done(word);
        if (entry.Change is { } change)
        {
            yield return Terms.Change(change.Number);
            foreach (var term in Of(change.By, Terms.Proposer))
                yield return term;
        }

        // What not everybody may see is found only by those who may: it is a term of its own and none of the words.
        var hidden = after is null ? Redaction.None : Redaction.Of(after);
        var text = entry.Change?.Reason is { } reason ? $"{entry.Details} {reason}" : entry.Details;
        foreach (var word in Terms.Words(hidden.Hide(text)))
            yield return word;
        foreach (var literal in hidden.HiddenIn(text))
            yield return Terms.Hidden(literal);
    }

    private static IEnumerable<string> Of(Actor actor, Func<string, string> term) => [term(actor.Name), term(actor.Id)];
}
