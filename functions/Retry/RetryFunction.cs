using ChatOps.Core.Changes;
using ChatOps.Core.Ports;
using ChatOps.Core.Values;
using ChatOps.Functions.Apply;
using ChatOps.Functions.Hosting;
using ChatOps.Storage;
using Microsoft.Extensions.Logging;

namespace ChatOps.Functions.Retry;

/// <summary>
/// A message has failed every time and was set aside. The log says so, and with it the chat: for a nudge, that the change is stuck until somebody
/// says <c>retry</c>; for anything else, that somebody has put something into the queue.
/// </summary>
internal sealed class RetryFunction(Ledger ledger, NudgedWork work, ILogger log) : IFunction
{
    public string Name => "Retry";

    public async Task RunAsync(Invocation call, CancellationToken cancel)
    {
        // Nobody took it for so long that Service Bus has put it aside: nothing broke, and Reconcile nudges again what is unfinished.
        if (call.Said("DeadLetterReason") == "TTLExpiredException")
            return;
        var text = call.Text("nudge") ?? "";
        var states = await ledger.LoadAllAsync(cancel);
        if (NudgeText.Read(text) is { } nudge && states.ContainsKey(nudge.Gateway))
        {
            await TryOnceMoreAsync(nudge, cancel);
            return;
        }

        Say.SetAside(log, "a message that is no nudge");
        foreach (var state in states.Values.Where(s => s.Running.Gateway is { Mirrors: null }))
            await TellAsync(state, text, cancel);
    }

    // The tries may have ended with the processes that made them, and then nothing is wrong with the change. If it breaks now, it is known why.
    private async Task TryOnceMoreAsync(Nudge nudge, CancellationToken cancel)
    {
        try
        {
            await work.RunAsync(nudge.Gateway, cancel);
        }
        catch (Exception e) when (e is not (OperationCanceledException or LogUnavailableException))
        {
            Say.SetAside(log, $"the nudge of {nudge.Gateway}");
            await work.SetAsideAsync(nudge.Gateway, cancel);
        }
    }

    private Task<Outcome> TellAsync(GatewayState state, string text, CancellationToken cancel) =>
        ledger.DecideAsync(
            state.Name,
            new Origin($"message:{state.Name}:{Guid.CreateVersion7():N}", Actor.Apply),
            s => s.Alerts.ContainsKey(UnreadMessage.Key) ? new Decision.Refused(new("people know already.")) : new Decision.Accepted([UnreadMessage.Alert(text)]),
            cancel
        );
}
