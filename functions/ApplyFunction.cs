using System.Globalization;
using ChatOps.Operations.Applying;
using ChatOps.Storage;
using Microsoft.Azure.Functions.Worker;

namespace ChatOps.Functions;

/// <summary>Nudges as they come through the storage queue.</summary>
public sealed class ApplyFunction(NudgeHandler nudges)
{
    /// <summary>
    /// Works on one. What it throws brings the message again, <c>maxDequeueCount</c> times; then the host puts it into the poison queue.
    /// </summary>
    /// <exception cref="InvalidDataException">It is no nudge; people have been told.</exception>
    [Function("Apply")]
    public async Task RunAsync(
        [QueueTrigger("nudges", Connection = "CHATOPS:Storage")] string message,
        FunctionContext context,
        CancellationToken cancel
    )
    {
        if (NudgeText.Read(message) is { } nudge)
        {
            await nudges.RunAsync(nudge, TriesOf(context), cancel);
            return;
        }

        await nudges.TellUnreadableAsync(message, cancel);
        throw new InvalidDataException($"a message of {message.Length} characters in the queue is no nudge");
    }

    private static int TriesOf(FunctionContext context) =>
        context.BindingContext.BindingData.TryGetValue("DequeueCount", out var count)
            ? Convert.ToInt32(count, CultureInfo.InvariantCulture)
            : 1;
}
