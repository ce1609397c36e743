using ChatOps.Gateway.Loading;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Verbs;

/// <summary>The running revision stays, also over a power cut.</summary>
internal static class Confirm
{
    public static string Answer(Call call, long revision)
    {
        using var locked = call.Lock(10);
        var store = call.Store!;
        if (revision != store.Running)
        {
            throw revision > store.Highest
                ? new Refusal("confirming", "unknown", $"revision {revision} was never offered")
                : new Refusal("confirming", "reverted", $"revision {revision} does not run (any more); the gateway runs {store.Running}");
        }

        if (Store.IsUnfinished)
            throw new Refusal("confirming", "unfinished", $"switching to revision {revision} was not finished; apply it again");
        var folder = store.RunningFolder;
        if (revision != store.Confirmed)
        {
            try
            {
                // What is open for a length of time is so from now on, and not from a second confirm.
                if (!Files.HasContent(folder[".confirmed"]))
                    Files.Put(folder[".confirmed"], $"{Places.Now}\n");
                store.Persist();
            }
            catch (IOException e)
            {
                throw new Refusal("confirming", "storage", $"cannot write revision {revision} to the disk: {e.Message}");
            }

            try
            {
                store.Confirm(revision);
                Files.Sync(Places.State);
            }
            catch (IOException e)
            {
                throw new Refusal("confirming", "storage", $"cannot write {Places.State}/confirmed: {e.Message}");
            }

            RevertTimer.Forget(call.Systemd);
            store.Prune();
            ForgetEnded(folder, revision);
        }

        var age = Math.Max(0, Places.Now - (folder.ConfirmedAt ?? Places.Now));
        Journal.Say($"confirm {revision}: confirmed");
        return Answers.Done(json =>
        {
            json.WriteNumber("revision", revision);
            json.WriteString("state", "confirmed");
            json.WriteNumber("running", store.Running);
            json.WriteNumber("confirmed", store.Confirmed);
            json.WriteNumber("age_s", age);
        });
    }

    // A revision that stays says by what it has which ends are still of interest.
    private static void ForgetEnded(RevisionFolder folder, long confirmed)
    {
        if (!Files.HasContent(Places.Ended))
            return;
        if (!Files.TryPut(Places.Ended, string.Concat(Ending.Of(folder, confirmed).Judged.Past.Select(l => $"{l}\n"))))
            Journal.Say($"cannot write {Places.Ended}");
    }
}
