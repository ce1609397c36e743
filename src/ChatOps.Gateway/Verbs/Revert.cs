using ChatOps.Gateway.Loading;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Verbs;

/// <summary>The confirmed revision, whatever runs now.</summary>
internal static class Revert
{
    /// <summary>
    /// By hand. Without a number it also mends: everything of the confirmed revision is loaded anew. With one, only if that revision runs
    /// and is not confirmed.
    /// </summary>
    public static string Answer(Call call, long? revision)
    {
        using var locked = call.Lock(10);
        var store = call.Store!;
        if (revision is null || revision == store.Running && revision != store.Confirmed)
            return Back(call, "controller");
        Journal.Say($"revert {revision}: nothing to do, {store.Running} runs and {store.Confirmed} is confirmed");
        return Reverted(store, null);
    }

    public static string Expire(Call call, string timer)
    {
        // Longer than anything may hold it.
        using var locked = call.Lock(120);
        var store = call.Store!;
        if (RevertTimer.Trusted == timer && !store.IsSettled)
            return Back(call, "timer");
        Journal.Say($"expire {call.Revision}: the timer has nothing to do");
        return Answers.Done(json => json.WriteNumber("running", store.Running));
    }

    private static string Back(Call call, string by)
    {
        var store = call.Store!;
        var from = store.Running;
        var (old, @new) = (store.RunningFolder, store.ConfirmedFolder);
        var between = Change.Between(
            call.Systemd,
            old,
            @new,
            old.Edited(),
            keepsGoing: true,
            all: Store.IsUnfinished || from == store.Confirmed
        );
        Store.Begin($"{store.Confirmed}");
        if (from != store.Confirmed)
        {
            try
            {
                store.Run(store.Confirmed);
            }
            catch (IOException e)
            {
                between.Fail("current", $"cannot switch {Places.State}/current: {e.Message}");
            }
        }

        between.Ending = Ending.Of(@new, store.Confirmed);
        between.Load();
        Flows.Cut(between);
        if (from != store.Confirmed)
            Store.Remember(from, by);
        if (between.Trouble is { } trouble)
            throw new Refusal("reverting", "", trouble.Text, trouble.File);
        Store.Finish();
        if (HeldPorts.All().Count > 0 && Listening.Missing(@new) is { } missing)
            throw new Refusal("reverting", "", missing, "listeners");
        Journal.Say($"back from {from} to {store.Confirmed}, by {by}");
        return Reverted(store, from == store.Confirmed ? null : from);
    }

    private static string Reverted(Store store, long? from) =>
        Answers.Done(json =>
        {
            json.WriteNumber("running", store.Running);
            json.WriteNumber("confirmed", store.Confirmed);
            json.WritePropertyName("reverted");
            if (from is { } number)
                json.WriteNumberValue(number);
            else
                json.WriteNullValue();
        });
}
