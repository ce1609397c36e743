using Microsoft.Extensions.Logging;

namespace ChatOps.Operations.Hosting;

/// <summary>What goes wrong behind the scenes and is tried again, on its way to the process's log: what is heard before there is one goes to standard error.</summary>
public sealed partial class Complaints
{
    /// <summary>The log, once the host is built.</summary>
    public ILogger? Log { get; set; }

    /// <summary>Hears a sentence. It never holds a message's text, a key or a file's content.</summary>
    public void Hear(string sentence)
    {
        if (Log is { } log)
            Say(log, sentence);
        else
            Console.Error.WriteLine(sentence);
    }

    [LoggerMessage(1, LogLevel.Warning, "{Sentence}")]
    private static partial void Say(ILogger log, string sentence);
}
