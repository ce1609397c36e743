using ChatOps.Functions.Hosting;

namespace ChatOps.Functions.Statistics;

/// <summary>The timer that asks what gateways have counted.</summary>
internal sealed class StatisticsFunction(Sampler sampler) : IFunction
{
    public string Name => "Statistics";

    public Task RunAsync(Invocation call, CancellationToken cancel) => sampler.RunAsync(cancel);
}
