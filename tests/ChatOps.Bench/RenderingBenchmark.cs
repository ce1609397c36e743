using System.Diagnostics;
using System.Globalization;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Rendering;

namespace ChatOps.Bench;

/// <summary>
/// An edge to its files: names resolved, engines chosen, all templates. Warm, because the bot and Apply run for weeks and render for every
/// plan and every change.
/// </summary>
internal sealed class RenderingBenchmark(string templates, bool quick)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    public void Run(Report report)
    {
        Measure(report, 1_000, target: 10);
        Measure(report, 10_000, target: 100);
    }

    private void Measure(Report report, int exposures, double target)
    {
        var renderer = new ConfigRenderer(new Templates(templates));
        var edge = GivenEdge.Mixed(exposures);
        var warming = Stopwatch.GetTimestamp();
        do
        {
            Render(renderer, edge);
        } while (Stopwatch.GetElapsedTime(warming) < WarmUp);

        var figures = new Figures(Enumerable.Range(0, quick ? 20 : 60).Select(_ => Render(renderer, edge)));
        report.Add(
            string.Create(CultureInfo.InvariantCulture, $"rendering all files, {exposures:N0} exposures"),
            figures.ToString(),
            $"under {Report.Ms(target)} ms",
            figures.Median < target
        );
    }

    private static double Render(ConfigRenderer renderer, Edge edge)
    {
        var from = Stopwatch.GetTimestamp();
        var files = renderer.Render(edge);
        var took = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
        return files.Count > 0 ? took : throw new InvalidOperationException("nothing was rendered");
    }
}
