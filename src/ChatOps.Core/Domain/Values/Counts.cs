using System.Globalization;

namespace ChatOps.Core.Domain.Values;

/// <summary>Numbers of things as people read them: <c>1 packet</c>, <c>0 packets</c>, <c>1,200 packets</c>.</summary>
public static class Counts
{
    /// <summary>A number and its noun.</summary>
    /// <param name="noun">One of them: <c>packet</c>, <c>new connection</c>.</param>
    public static string Of(long number, string noun) => Of(number.ToString(CultureInfo.InvariantCulture), noun);

    /// <summary>The same with a figure as it is shown: rounded, or with its thousands apart.</summary>
    public static string Of(string figure, string noun) => $"{figure} {Noun(figure, noun)}";

    /// <summary>The noun alone, where the figure stands in a column of its own.</summary>
    public static string Noun(long number, string noun) => Noun(number.ToString(CultureInfo.InvariantCulture), noun);

    private static string Noun(string figure, string noun) => figure == "1" ? noun : $"{noun}s";
}
