namespace ChatOps.Core.Application.Ports;

/// <summary>A few small texts that outlive the process and are nobody else's to read, such as the key that signs checkpoints.</summary>
public interface IKeyStore
{
    /// <summary>A text by its name; null when it is not there.</summary>
    Task<string?> ReadAsync(string name, CancellationToken cancel);

    /// <summary>Puts a text there unless one is there already, and gives the one that is.</summary>
    Task<string> MakeAsync(string name, string text, CancellationToken cancel);

    /// <summary>
    /// Puts a text there, in the place of any before it. Afterwards it is the old one or the new one, whatever happens in between.
    /// </summary>
    Task WriteAsync(string name, string text, CancellationToken cancel);

    /// <summary>Takes a text away; one that is not there is no matter.</summary>
    Task DeleteAsync(string name, CancellationToken cancel);
}
