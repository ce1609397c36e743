using System.Globalization;

namespace ChatOps.FunctionsHost;

/// <summary>The values that one field of a schedule allows.</summary>
internal readonly struct CronField
{
    private readonly ulong _allowed;
    private readonly int _last;

    private CronField(ulong allowed, int last) => (_allowed, _last) = (allowed, last);

    /// <summary>True for an allowed value.</summary>
    public bool Has(int value) => value is >= 0 and < 64 && (_allowed & (1UL << value)) != 0;

    /// <summary>The first allowed value that is not below another; null when there is none.</summary>
    public int? From(int value)
    {
        for (; value <= _last; value++)
        {
            if (Has(value))
                return value;
        }

        return null;
    }

    /// <summary>Reads a field.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="name">What it is, for the message.</param>
    /// <param name="first">The lowest value.</param>
    /// <param name="last">The highest value.</param>
    /// <param name="names">Names of the values in their order, or null.</param>
    /// <exception cref="FormatException">It is not one.</exception>
    public static CronField Parse(string text, string name, int first, int last, string[]? names = null)
    {
        var allowed = 0UL;
        foreach (var part in text.Split(','))
        {
            var (range, step) = part.Split('/') switch
            {
                [var all] => (all, 1),
                [var all, var every] when int.TryParse(every, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 => (all, n),
                _ => throw Wrong(),
            };
            var (from, to) = range.Split('-') switch
            {
                ["*"] => (first, last),
                [var only] => (ValueOf(only), step == 1 ? ValueOf(only) : last),
                [var low, var high] => (ValueOf(low), ValueOf(high)),
                _ => throw Wrong(),
            };
            if (from > to)
                throw Wrong();
            for (var value = from; value <= to; value += step)
                allowed |= 1UL << value;
        }

        return new(allowed, last);

        int ValueOf(string word)
        {
            var named = names is null ? -1 : Array.IndexOf(names, word.ToLowerInvariant());
            return named >= 0 ? first + named
                : int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= first && number <= last ? number
                : throw Wrong();
        }

        FormatException Wrong() => new(string.Create(CultureInfo.InvariantCulture, $"{name} \"{text}\": expected {first} to {last}, such as *, {first}, {first}-{last} or */5"));
    }
}
