using System.Globalization;

namespace ChatOps.Bench;

/// <summary>While it is held, all threads of this process run on one core.</summary>
internal sealed class OneCore : IDisposable
{
    private OneCore() { }

    /// <summary>Holds it.</summary>
    public static async Task<OneCore> HoldAsync(CancellationToken cancel)
    {
        await SetAsync("0", cancel);
        return new OneCore();
    }

    /// <summary>Gives the other cores back.</summary>
    public void Dispose() =>
        SetAsync(string.Create(CultureInfo.InvariantCulture, $"0-{Environment.ProcessorCount - 1}"), CancellationToken.None)
            .GetAwaiter()
            .GetResult();

    private static Task SetAsync(string cores, CancellationToken cancel) =>
        Tool.RunAsync("taskset", ["-a", "-c", "-p", cores, Environment.ProcessId.ToString(CultureInfo.InvariantCulture)], cancel);
}
