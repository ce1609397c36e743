namespace ChatOps.Local.Serving;

/// <summary>What the service logs of itself.</summary>
internal static partial class ServiceLog
{
    [LoggerMessage(1, LogLevel.Information, "{Sentence}")]
    public static partial void Said(ILogger log, string sentence);

    [LoggerMessage(3, LogLevel.Critical, "{Sentence}")]
    public static partial void Broke(ILogger log, string sentence, Exception why);

    [LoggerMessage(4, LogLevel.Information, "{Version} serves until SIGTERM, with the data in {Data}; lines: {Socket}; page: {Page}")]
    public static partial void Serving(ILogger log, string version, string data, string socket, string page);

    [LoggerMessage(5, LogLevel.Information, "stopped. What was accepted and is not finished goes on at the next start")]
    public static partial void Stopped(ILogger log);
}
