using System.Text;
using ChatOps.Gateway.Receiving;
using ChatOps.Gateway.Running;

namespace ChatOps.Gateway.Verbs;

/// <summary>
/// Verb after verb over one channel, so that none waits for a login, a channel and a program of its own. Each comes as a line <c>LENGTH
/// VERB</c> and as many bytes; the answer to it is <c>{"step":"taken"}</c>, then what the verb says by itself, and after that a line
/// <c>{"exit":N}</c>.
/// </summary>
internal static class Session
{
    private const int LongestLine = 120;

    /// <summary>
    /// Until the other side is gone, or says what is none, or this program has been renewed: then the next one is there for whoever comes
    /// anew.
    /// </summary>
    /// <param name="answer">Does a verb, which reads what comes with it when it wants it; says its answer, and returns the exit
    /// status.</param>
    public static int Run(Func<string, Func<byte[]>, int> answer)
    {
        while (ReadLine() is { } line)
        {
            if (line.Split(' ', 2) is not [var digits, var verb] || !int.TryParse(digits, out var length) || length < 0 || IsRenewed())
                return 1;
            var isWhole = length == 0;
            Answers.Progress("taken");
            var exit = answer(verb, Input);
            Answers.Say($$"""{"exit":{{exit}}}""");
            // What a verb has not read is not the next one.
            if (!isWhole)
                return 1;

            byte[] Input()
            {
                var came = Bundle.Receive(length);
                isWhole = true;
                return came;
            }
        }

        return 0;
    }

    private static bool IsRenewed() =>
        File.ResolveLinkTarget("/proc/self/exe", returnFinalTarget: false)?.FullName.EndsWith(" (deleted)", StringComparison.Ordinal)
        != false;

    // A byte at a time: what follows the line is the verb's.
    private static unsafe string? ReadLine()
    {
        var line = new StringBuilder();
        byte one;
        while (Libc.Read(0, &one, 1) == 1)
        {
            if (one == '\n')
                return line.ToString();
            if (line.Append((char)one).Length > LongestLine)
                return null;
        }

        return null;
    }
}
