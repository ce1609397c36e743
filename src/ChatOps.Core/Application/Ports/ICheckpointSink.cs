namespace ChatOps.Core.Application.Ports;

/// <summary>
/// A place for what the log has signed of itself, out of reach of whoever keeps the log: only what lies elsewhere can show that a log was
/// written anew.
/// </summary>
public interface ICheckpointSink
{
    /// <summary>The place, for messages: <c>the file .run/data/log.checkpoints</c>.</summary>
    string Place { get; }

    /// <summary>Puts a note there for ever. The same note twice does no harm.</summary>
    /// <exception cref="IOException">It did not get there; it is tried again with the next one.</exception>
    Task PutAsync(LogNote note, CancellationToken cancel);

    /// <summary>The notes that are there; none where they cannot be read back.</summary>
    IAsyncEnumerable<string> ReadAsync(CancellationToken cancel);
}

/// <summary>Something that the log has signed.</summary>
/// <param name="Name">Unique in the log: <c>checkpoint-000000000512</c>.</param>
/// <param name="Size">How many records it is about.</param>
public sealed record LogNote(string Name, long Size, string Text);
