namespace ChatOps.Bench;

/// <summary>
/// What several runs of the same thing took, in milliseconds. Medians, because a shared machine has outliers in one direction only; the
/// best says what it takes when nothing is in the way.
/// </summary>
internal sealed class Figures(IEnumerable<double> milliseconds)
{
    private readonly double[] _sorted = [.. milliseconds.Order()];

    public double Best => At(0);

    public double Median => At(0.5);

    public double P95 => At(0.95);

    public double P99 => At(0.99);

    public override string ToString() => $"median {Report.Ms(Median)} ms, p95 {Report.Ms(P95)}, best {Report.Ms(Best)}";

    // The value at a rank, between its neighbours where the rank is between two of them.
    private double At(double part)
    {
        if (_sorted.Length == 0)
            throw new InvalidOperationException("nothing was measured");
        var rank = part * (_sorted.Length - 1);
        var below = (int)rank;
        var above = Math.Min(below + 1, _sorted.Length - 1);
        return _sorted[below] + ((rank - below) * (_sorted[above] - _sorted[below]));
    }
}
