using ChatOps.Functions.Hosting;
using ChatOps.Storage;
using Microsoft.Extensions.Logging;

namespace ChatOps.Functions.Apply;

/// <summary>A nudge has come through the queue.</summary>
internal sealed class ApplyFunction(Nudged nudged, ILogger log) : IFunction
{
    public string Name => "Apply";

    public Task RunAsync(Invocation call, CancellationToken cancel)
    {
        var text = call.Text("nudge") ?? "";
        if (NudgeText.Read(text) is { } nudge)
            return nudged.RunAsync(nudge, cancel);

        // It fails until the queue gives it up, and Retry tells people.
        Say.Unreadable(log, text.Length);
        throw new InvalidDataException("a message that is no nudge");
    }
}
