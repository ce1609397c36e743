namespace ChatOps.Bot.Configuration;

/// <summary>What is wrong with a file, in the order in which it was found, each with its place in the file.</summary>
internal sealed class Problems
{
    private readonly List<string> _sentences = [];

    public int Count => _sentences.Count;

    /// <param name="place">Such as <c>rules[2].approvals</c>.</param>
    /// <param name="sentence">What was expected, what is there, and perhaps what to do next.</param>
    public void Add(string place, string sentence) => _sentences.Add($"{place}: {sentence}");

    /// <exception cref="ConfigurationException">All that is wrong, a line each.</exception>
    public void Throw(string file)
    {
        if (Count > 0)
            throw new ConfigurationException(string.Join('\n', _sentences.Select(s => $"{file}: {s}")));
    }
}
