using ChatOps.Core.Domain.Changes;

namespace ChatOps.Bench;

/// <summary>
/// The parts of one change's time. Validating, switching and checking are the gateway's own clock; delivering is what of the attempt is in
/// no step: the bundle, SSH, starting the program. What is left of the whole is the bot: reading the line, deciding, appending twice,
/// showing.
/// </summary>
internal static class ChangeSteps
{
    private static readonly string[] Measured = ["rendering", "validating", "switching", "checking", "verifying", "confirming"];

    public static string[] Head { get; } = ["", .. Measured, "delivering", "bot and log", "whole"];

    public static string[] Row(ChangeScenario scenario, IReadOnlyList<(double Whole, ChangeApplied Applied)> changes) =>
        [
            scenario.ToString(),
            .. Measured.Select(step => Median(changes, c => c.Applied.Steps[step])),
            Median(changes, c => c.Applied.Steps["total"] - Measured.Sum(step => c.Applied.Steps[step])),
            Median(changes, c => c.Whole - c.Applied.Steps["total"]),
            Median(changes, c => c.Whole),
        ];

    private static string Median(
        IEnumerable<(double Whole, ChangeApplied Applied)> changes,
        Func<(double Whole, ChangeApplied Applied), double> part
    ) => Report.Ms(new Figures(changes.Select(part)).Median);
}
