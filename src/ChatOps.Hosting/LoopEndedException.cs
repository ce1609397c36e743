namespace ChatOps.Hosting;

/// <summary>A background loop has ended before it was told to. The process has to end as well: it would only look alive.</summary>
/// <param name="loop">What the loop does, such as <c>showing the log</c>.</param>
/// <param name="inner">What ended it; null when it simply returned.</param>
public sealed class LoopEndedException(string loop, Exception? inner)
    : Exception(
        $"{loop} has ended: {inner?.Message ?? "it stopped by itself"}. Nothing is lost: what was accepted is in the log. Next: start again",
        inner
    )
{
    /// <summary>What the loop does.</summary>
    public string Loop { get; } = loop;
}
