using System.Text;
using ChatOps.Core.Application.Ports;

namespace ChatOps.Proof.Keeping;

/// <summary>
/// Keys as files beside a log, each with its name as its ending: <c>log.key</c>, <c>log.vkey</c>. Only their owner reads them.
/// </summary>
/// <param name="log">The log's own file; its folder must be there.</param>
public sealed class KeyFiles(string log) : IKeyStore
{
    /// <inheritdoc/>
    public async Task<string?> ReadAsync(string name, CancellationToken cancel) =>
        File.Exists(PathOf(name)) ? await File.ReadAllTextAsync(PathOf(name), cancel) : null;

    /// <inheritdoc/>
    public async Task<string> MakeAsync(string name, string text, CancellationToken cancel)
    {
        if (await ReadAsync(name, cancel) is { } there)
            return there;
        await WriteAsync(name, text, cancel);
        return text;
    }

    /// <inheritdoc/>
    public async Task WriteAsync(string name, string text, CancellationToken cancel)
    {
        var made = PathOf(name) + ".new";
        File.Delete(made);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using (var file = new FileStream(made, options))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(text), cancel);
            file.Flush(flushToDisk: true);
        }

        File.Move(made, PathOf(name), overwrite: true);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancel)
    {
        File.Delete(PathOf(name));
        return Task.CompletedTask;
    }

    private string PathOf(string name) => Path.ChangeExtension(log, name);
}
