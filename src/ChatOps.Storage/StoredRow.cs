using System.Text.Json;
using ChatOps.Core.Log;
using ChatOps.Core.Ports;

namespace ChatOps.Storage;

/// <summary>A record as a store holds it: the text that was hashed, and beside it what is needed to find it.</summary>
internal sealed record StoredRow(long Position, string Stream, long Version, string Id, string Hash, string Body)
{
    /// <summary>Checks the row against its own text and reads it.</summary>
    /// <param name="file">Where it was read, for the message.</param>
    /// <exception cref="LogCorruptException">The text is not what was written, or this program cannot read it.</exception>
    public Recorded Open(string file)
    {
        if (RecordFormat.HashOf(Body) is var actual && actual != Hash)
            throw Corrupt(file, $"its text has the hash {actual}, the log says {Hash}");
        try
        {
            var record = RecordFormat.Open(Position, Body, Hash);
            return record.Stream == Stream && record.Version == Version && record.Id == Id
                ? record
                : throw Corrupt(file, $"its text is that of {record.Stream} version {record.Version} (id {record.Id})");
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw Corrupt(file, $"it cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The exception that names this row, what is wrong with it and what to do.</summary>
    public LogCorruptException Corrupt(string file, string what, Exception? inner = null) =>
        new($"{file}: {Stream} version {Version} (id {Id}, position {Position}) cannot be trusted: {what}. {Advice(file)}", inner);

    /// <summary>What to do about a log that cannot be trusted.</summary>
    public static string Advice(string file) => $"Nothing was changed. Next: stop the program and restore {file} from a copy";
}
