using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatOps.Core.Domain.Changes;
using Microsoft.Data.Sqlite;

namespace ChatOps.Specs.Proof;

/// <summary>
/// Somebody with full control over the log's file who knows the format: after any edit, all versions, links, hashes and positions are made
/// to fit again.
/// </summary>
internal static class Forger
{
    /// <summary>Rewrites the log as the edited list of its records.</summary>
    public static void Rewrite(AuditedLog log, Action<List<JsonObject>> edit)
    {
        var records = Read(log);
        edit(records);
        log.Attack("DELETE FROM records; DELETE FROM sqlite_sequence");
        using var connection = new SqliteConnection($"Data Source={log.LogFile};Pooling=false");
        connection.Open();
        var ends = new Dictionary<string, (long Version, string Hash)>();
        foreach (var record in records)
        {
            var stream = record["stream"]!.GetValue<string>();
            var (version, hash) = ends.GetValueOrDefault(stream, (0, RecordFormat.NoPrevious));
            record["version"] = version + 1;
            record["prev"] = hash;
            using var document = JsonDocument.Parse(record.ToJsonString());
            var body = CanonicalJson.Write(document.RootElement);
            ends[stream] = (version + 1, RecordFormat.HashOf(body));
            using var insert = connection.CreateCommand();
            insert.CommandText = "INSERT INTO records (stream, version, id, hash, body) VALUES ($s, $v, $i, $h, $b)";
            insert.Parameters.AddWithValue("$s", stream);
            insert.Parameters.AddWithValue("$v", version + 1);
            insert.Parameters.AddWithValue("$i", record["id"]!.GetValue<string>());
            insert.Parameters.AddWithValue("$h", ends[stream].Hash);
            insert.Parameters.AddWithValue("$b", body);
            insert.ExecuteNonQuery();
        }
    }

    private static List<JsonObject> Read(AuditedLog log)
    {
        using var connection = new SqliteConnection(
            string.Create(CultureInfo.InvariantCulture, $"Data Source={log.LogFile};Pooling=false")
        );
        connection.Open();
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT body FROM records ORDER BY position";
        using var reader = select.ExecuteReader();
        var records = new List<JsonObject>();
        while (reader.Read())
            records.Add(JsonNode.Parse(reader.GetString(0))!.AsObject());
        return records;
    }
}
