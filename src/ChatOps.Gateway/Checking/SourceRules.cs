namespace ChatOps.Gateway.Checking;

/// <summary>The rules of the chain "sources": a rate for each source, one a family.</summary>
internal static class SourceRules
{
    /// <summary>Their forms, for both families (<see cref="NftablesFile.OfFamily"/>). A source is remembered for as long as it takes to
    /// have all of the rate again.</summary>
    public const string Forms = """
        meta l4proto {protocol} th dport {port} update @sourcesF { meta l4proto . th dport . SOURCE timeout 1s limit rate over {number}/second burst {number} packets } goto limited
        meta l4proto {protocol} th dport {port} update @sourcesF { meta l4proto . th dport . SOURCE timeout 1m limit rate over {number}/minute burst {number} packets } goto limited
        meta l4proto {protocol} th dport {port} update @sourcesF { meta l4proto . th dport . SOURCE timeout 1h limit rate over {number}/hour burst {number} packets } goto limited
        """;

    private static readonly string[] Units = ["second", "minute", "hour"];
    private static readonly Machine Anywhere = new([]);
    private static readonly Pattern[] Patterns =
    [
        .. NftablesFile.Families.SelectMany(f => NftablesFile.OfFamily(Forms, f).Split('\n')).Select(Pattern.Of),
    ];

    /// <summary>True for a line that is such a rule, without its indent.</summary>
    public static bool IsOne(ReadOnlySpan<char> line)
    {
        var values = new List<Value>();
        foreach (var pattern in Patterns)
        {
            if (pattern.TryRead(line, Anywhere, values, out _, out _))
                return true;
        }

        return false;
    }

    public static string UnitOf(string form) => Units.First(u => form.Contains($"/{u} ", StringComparison.Ordinal));
}
