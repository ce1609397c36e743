using System.Text.Json.Nodes;

namespace ChatOps.FunctionsHost;

/// <summary>Calls a function at the moments of its schedule. A moment that comes while it still runs is left out.</summary>
internal sealed class TimerListener(FunctionJson function, Invoker invoker, TimeProvider clock, Action<string> say)
{
    private readonly Trigger.Timer _trigger = (Trigger.Timer)function.Trigger;

    /// <summary>Calls until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        if (_trigger.AtStart)
            await InvokeAsync(clock.GetUtcNow(), isPastDue: false, cancel);
        while (_trigger.Schedule.After(clock.GetUtcNow()) is { } next)
        {
            // A delay may end a moment early, by the granularity of the timer.
            while (next - clock.GetUtcNow() is { Ticks: > 0 } pause)
                await Task.Delay(pause < TimeSpan.FromHours(1) ? pause : TimeSpan.FromHours(1), clock, cancel);
            await InvokeAsync(next, isPastDue: clock.GetUtcNow() - next > TimeSpan.FromSeconds(1), cancel);
        }

        say($"{function.Name}: its schedule {_trigger.Schedule} is never due again");
    }

    private Task<Invocation> InvokeAsync(DateTimeOffset moment, bool isPastDue, CancellationToken cancel)
    {
        var data = new JsonObject
        {
            ["Schedule"] = new JsonObject { ["AdjustForDST"] = true },
            ["ScheduleStatus"] = new JsonObject
            {
                ["Last"] = Payload.Date(moment),
                ["Next"] = _trigger.Schedule.After(moment) is { } next ? Payload.Date(next) : null,
                ["LastUpdated"] = Payload.Date(moment),
            },
            ["IsPastDue"] = isPastDue,
        };
        return invoker.InvokeAsync(function.Name, Payload.Of(function.Name, _trigger.Binding, data, [], clock.GetUtcNow()), cancel);
    }
}
