namespace ChatOps.Core.Application.Ports;

/// <summary>
/// The log could not be reached. Its message says what was being done, whether something was saved, and what to do next.
/// </summary>
/// <param name="mayBeSaved">Whether the records of the append may be in the log.</param>
public sealed class LogUnavailableException(string message, bool mayBeSaved, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>
    /// False: nothing was saved, for certain. True: the answer to an append was lost, and the records are in the log or not. Sending the
    /// same ids again when the log is back settles it.
    /// </summary>
    public bool MayBeSaved { get; } = mayBeSaved;
}
