using System.Diagnostics;
using System.Globalization;

namespace ChatOps.Bench;

/// <summary>
/// How busy the machine was meanwhile, as the kernel tells (PSI): figures of a crowded machine say little about a target.
/// </summary>
internal sealed class Pressure
{
    private const string File = "/proc/pressure/cpu";

    private readonly long _from = Stopwatch.GetTimestamp();
    private readonly long? _stalled = Stalled();

    private Pressure() { }

    public static Pressure Start() => new();

    public string Sentence
    {
        get
        {
            var cores = $"{Environment.ProcessorCount} cores";
            return _stalled is { } before && Stalled() is { } now
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"{cores}; during {(now - before) / 10_000 / Stopwatch.GetElapsedTime(_from).TotalSeconds:0} % of the time something waited for one."
                )
                : $"{cores}; the kernel does not tell how busy they were.";
        }
    }

    // "some avg10=1.00 avg60=1.00 avg300=1.00 total=MICROSECONDS"
    private static long? Stalled() =>
        System.IO.File.Exists(File)
        && long.TryParse(System.IO.File.ReadLines(File).First().Split("total=")[^1], CultureInfo.InvariantCulture, out var total)
            ? total
            : null;
}
