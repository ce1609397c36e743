using Microsoft.Extensions.Logging;

namespace ChatOps.Functions.Hosting;

/// <summary>What the function app writes into its own log. Never a message's text, a key or a file's content.</summary>
internal static partial class Say
{
    [LoggerMessage(1, LogLevel.Error, "{Function} has failed")]
    public static partial void Failed(ILogger log, string function, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "a message of {Length} characters cannot be read; it will be set aside")]
    public static partial void Unreadable(ILogger log, int length);

    [LoggerMessage(3, LogLevel.Warning, "{What} was set aside after all tries")]
    public static partial void SetAside(ILogger log, string what);

    [LoggerMessage(5, LogLevel.Critical, "{Sentence}")]
    public static partial void Broke(ILogger log, string sentence, Exception why);

    [LoggerMessage(4, LogLevel.Warning, "{What}: {Problem}")]
    public static partial void Trouble(ILogger log, string what, string problem);
}
