using System.Runtime.CompilerServices;
using ChatOps.Core.Application.Ports;
using ChatOps.Proof.Notes;

namespace ChatOps.Proof.Keeping;

/// <summary>A text file to which notes are appended, with an empty line after each. Put it on another machine's disk.</summary>
public sealed class FileCheckpointSink(string path) : ICheckpointSink
{
    /// <inheritdoc/>
    public string Place => $"the file {path}";

    /// <inheritdoc/>
    public async Task PutAsync(LogNote note, CancellationToken cancel)
    {
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.Append,
                Access = FileAccess.Write,
                Share = FileShare.Read,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            await using var file = new FileStream(path, options);
            await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(note.Text + "\n"), cancel);
            file.Flush(flushToDisk: true);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        if (!File.Exists(path))
            yield break;
        foreach (var note in SignedNote.ReadAll(await File.ReadAllTextAsync(path, cancel)))
            yield return note.ToString();
    }
}
