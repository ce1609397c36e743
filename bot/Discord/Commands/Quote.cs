namespace ChatOps.Bot.Discord.Commands;

/// <summary>A text in quotes, so that it is one word of a line.</summary>
internal static class Quote
{
    /// <summary>
    /// The text in a pair of marks that it does not hold; where it holds all of them, its straight double ones become curly.
    /// </summary>
    public static string Around(string text) =>
        !text.Contains('"', StringComparison.Ordinal) ? $"\"{text}\""
        : !text.Contains('\'', StringComparison.Ordinal) ? $"'{text}'"
        : !text.Contains('”', StringComparison.Ordinal) ? $"“{text}”"
        : $"\"{text.Replace('"', '”')}\"";
}
