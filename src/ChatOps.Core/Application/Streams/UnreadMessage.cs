using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Application.Streams;

/// <summary>
/// A message came through the queue again and again, and nobody can say which gateway it was for. The log is complete without it, so
/// nothing is lost; but whoever put it there can write into our queue, or runs another version of this program, and people are to know.
/// </summary>
public static class UnreadMessage
{
    private const int Shown = 80;

    /// <summary>The alert's key.</summary>
    public static string Key => AlertKind.Message.Key;

    /// <summary>The alert, on each gateway that may have been meant.</summary>
    public static AlertRaised Alert(string text) =>
        new(Key, $"a message in the queue of nudges cannot be read and was set aside: \"{Tokens.Clean(text, Shown)}\"", null, ["retry"]);
}
