using ChatOps.Core.Application.Ports;

namespace ChatOps.Delivery.Answers;

/// <summary>
/// The gateway answered, but not with what its program may answer: another program, a broken one, an old one. As after a lost connection
/// nobody knows what happened there.
/// </summary>
internal sealed class GatewayAnswerException(string message, Exception? inner = null) : GatewayUnreachableException(message, inner)
{
    private const int Enough = 300;

    /// <summary>What came, fit for a sentence: its first 300 characters, control characters removed.</summary>
    public static string Excerpt(string text)
    {
        var shown = string.Concat(text.Where(c => !char.IsControl(c)).Take(Enough));
        return shown.Length == 0 ? "(nothing)" : shown;
    }
}
