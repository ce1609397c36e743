using System.Globalization;

namespace ChatOps.Bench;

/// <summary>All that was measured, and what could not be. Targets are said, never asserted: the machine has other work too.</summary>
internal sealed class Report
{
    private readonly List<string[]> _rows = [];
    private readonly List<string[]> _steps = [];
    private readonly List<string> _missing = [];

    /// <summary>False when something could not run.</summary>
    public bool IsWhole => _missing.Count == 0;

    /// <summary>Adds a row of the table, and says it at once: what was measured stays, whatever happens to the rest.</summary>
    public void Add(string what, string measured, string target, bool isMet)
    {
        Console.Error.WriteLine($"  {what}: {measured}");
        _rows.Add([what, measured, target, isMet ? "met" : "missed"]);
    }

    public void AddSteps(string[] row) => _steps.Add(row);

    public void CouldNotRun(string what, string why) => _missing.Add($"{what} could not run: {why}");

    public void Print(TextWriter to)
    {
        if (_rows.Count > 0)
            Table.Write(to, ["what", "measured", "target", ""], _rows);
        if (_steps.Count > 0)
        {
            to.WriteLine("\nWhere the time of one change goes (medians, ms)");
            Table.Write(to, ChangeSteps.Head, _steps);
        }

        foreach (var line in _missing)
            to.WriteLine(line);
    }

    /// <summary>Milliseconds as people read them: 0.42, 6.1, 238.</summary>
    public static string Ms(double milliseconds) =>
        milliseconds.ToString(
            milliseconds < 1 ? "0.00"
                : milliseconds < 10 ? "0.0"
                : "0",
            CultureInfo.InvariantCulture
        );
}
