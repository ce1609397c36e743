using System.Text.Json;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;

namespace ChatOps.Storage;

/// <summary>A record as a store holds it: the text that was hashed, and beside it what is needed to find it.</summary>
internal sealed record StoredRow(long Position, string Stream, long Version, string Id, string Hash, string Body)
{
    /// <summary>Checks the row against its own text and reads its header only, for those who look at many.</summary>
    /// <exception cref="LogCorruptException">The text is not what was written, or this program cannot read it.</exception>
    public RecordHeader Check(string file)
    {
        var header = Read(file, RecordHeader.Read);
        CheckPlace(file, header.Stream, header.Version, header.Id);
        return header;
    }

    /// <summary>Checks the row against its own text and reads it.</summary>
    /// <exception cref="LogCorruptException">The text is not what was written, or this program cannot read it.</exception>
    public Recorded Open(string file)
    {
        var record = Read(file, body => RecordFormat.Open(Position, body, Hash));
        CheckPlace(file, record.Stream, record.Version, record.Id);
        return record;
    }

    /// <summary>The exception that names this row, what is wrong with it and what to do.</summary>
    public LogCorruptException Corrupt(string file, string what, Exception? inner = null) =>
        new($"{file}: {Stream} version {Version} (id {Id}, position {Position}) cannot be trusted: {what}. {Advice(file)}", inner);

    /// <summary>What to do about a log that cannot be trusted.</summary>
    public static string Advice(string file) => $"Nothing was changed. Next: stop the program and restore {file} from a copy";

    /// <summary>What is wrong with a text that has another hash than it should.</summary>
    public static string HashFault(string actual, string hash) => $"its text has the hash {actual}, the log says {hash}";

    private T Read<T>(string file, Func<string, T> read)
    {
        if (RecordFormat.HashOf(Body) is var actual && actual != Hash)
            throw Corrupt(file, HashFault(actual, Hash));
        try
        {
            return read(Body);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw Corrupt(file, $"it cannot be read: {e.Message}", e);
        }
    }

    private void CheckPlace(string file, string stream, long version, string id)
    {
        if (stream != Stream || version != Version || id != Id)
            throw Corrupt(file, $"its text is that of {stream} version {version} (id {id})");
    }
}
