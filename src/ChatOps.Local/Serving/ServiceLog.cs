namespace ChatOps.Local.Serving;

/// <summary>The service's own log. Whoever says or complains of something by a sentence comes to it here, under the category of who it is.</summary>
internal static partial class ServiceLog
{
    /// <summary>What says something that went as it should.</summary>
    public static Action<string> Saying(this ILogger log) => sentence => Said(log, sentence);

    /// <summary>What says that something did not.</summary>
    public static Action<string> Complaining(this ILogger log) => sentence => Complained(log, sentence);

    /// <summary>What says that something of ours is broken: it ended one line and not the program, and is to be mended.</summary>
    public static Action<string> Faulting(this ILogger log) => sentence => Faulted(log, sentence);

    [LoggerMessage(1, LogLevel.Information, "{Sentence}")]
    public static partial void Said(ILogger log, string sentence);

    [LoggerMessage(2, LogLevel.Warning, "{Sentence}")]
    public static partial void Complained(ILogger log, string sentence);

    [LoggerMessage(6, LogLevel.Error, "{Sentence}")]
    public static partial void Faulted(ILogger log, string sentence);

    [LoggerMessage(3, LogLevel.Critical, "{Sentence}")]
    public static partial void Broke(ILogger log, string sentence, Exception why);

    [LoggerMessage(4, LogLevel.Information, "{Version} serves until SIGTERM, with the data in {Data}; lines: {Socket}; page: {Page}")]
    public static partial void Serving(ILogger log, string version, string data, string socket, string page);

    [LoggerMessage(5, LogLevel.Information, "stopped. What was accepted and is not finished goes on at the next start")]
    public static partial void Stopped(ILogger log);
}
