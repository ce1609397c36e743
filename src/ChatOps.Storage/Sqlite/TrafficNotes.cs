using System.Collections.Immutable;
using System.Text.Json;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ChatOps.Storage.Sqlite;

/// <summary>
/// Keeps over a restart when packets last passed the public ports, in a file beside the log: it is no event, and whoever loses the file
/// counts anew from then on. A file that cannot be used is logged and done without.
/// </summary>
public sealed partial class TrafficNotes : ITrafficNotes
{
    private readonly SqliteNotes? _notes;
    private readonly ILogger<TrafficNotes> _log;
    private bool _isFailing;

    /// <summary>Opens the file, or makes it, for this user alone.</summary>
    /// <param name="path">The file; its folder must be there.</param>
    /// <param name="log">Where it is logged that nothing can be kept, once until it works again.</param>
    public TrafficNotes(string path, ILogger<TrafficNotes> log)
    {
        _log = log;
        try
        {
            _notes = SqliteNotes.Open(path);
        }
        catch (IOException e)
        {
            Unkept(e.Message);
        }
    }

    /// <inheritdoc/>
    public LastTraffic? Find(Name<Gateway> gateway)
    {
        try
        {
            return
                _notes?.Find(gateway.ToString()) is { } text
                && JsonSerializer.Deserialize<Note>(text, JsonSerializerOptions.Web) is { } note
                ? new(note.Since, note.Last, note.Seen.ToImmutableDictionary(s => s.Port, s => s.At))
                : null;
        }
        catch (Exception e) when (e is SqliteException or JsonException)
        {
            Unkept(e.Message);
            return null;
        }
    }

    /// <inheritdoc/>
    public void Put(Name<Gateway> gateway, LastTraffic traffic)
    {
        try
        {
            var note = new Note(traffic.Since, traffic.Last, [.. traffic.Seen.Select(s => new Passing(s.Key, s.Value))]);
            _notes?.Put(gateway.ToString(), JsonSerializer.Serialize(note, JsonSerializerOptions.Web));
            _isFailing = false;
        }
        catch (SqliteException e)
        {
            if (!_isFailing)
                Unkept(e.Message);
            _isFailing = true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _notes?.Dispose();

    private sealed record Note(DateTimeOffset Since, StatsSample Last, ImmutableArray<Passing> Seen);

    private sealed record Passing(PublicPort Port, DateTimeOffset At);

    [LoggerMessage(1, LogLevel.Warning, "when ports were last used is not kept over a restart: {Problem}")]
    private partial void Unkept(string problem);
}
