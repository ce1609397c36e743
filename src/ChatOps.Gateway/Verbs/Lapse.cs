using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Loading;
using ChatOps.Gateway.Reading;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Verbs;

/// <summary>
/// The time of something has come. The service starts this again when it does not end well, so what has ended counts as such only after its
/// connections are cut.
/// </summary>
internal static class Lapse
{
    public static string Answer(Call call)
    {
        using var locked = call.Lock(120);
        var store = call.Store!;
        var folder = store.RunningFolder;
        var change = new Change(call.Systemd, folder, folder) { KeepsGoing = true, Ending = Ending.Of(folder, store.Confirmed) };
        var judged = change.Ending.Judged;
        change.Ending.LoadWeb(change);
        Proxies.LoadNginx(change);
        change.Ending.LoadPorts(change);
        if (judged.Fresh.Count > 0)
        {
            Flows.CutClosed(Closing(folder, judged).Cuts);
            try
            {
                Files.Put(Places.Ended, string.Concat(judged.Fresh.Concat(judged.Past).Select(l => $"{l}\n")));
                Files.Sync(Places.Ended);
                Files.Sync(Places.State);
            }
            catch (IOException e)
            {
                change.Fail("lifetimes", $"cannot write {Places.Ended}: {e.Message}");
            }

            change.Ending = Ending.Of(folder, store.Confirmed);
        }

        change.Ending.WakeUp(change);
        if (change.Trouble is { } trouble)
            throw new Refusal("closing", "", trouble.Text, trouble.File);
        Journal.Say(
            judged.Fresh.Count > 0
                ? $"lapse: closed, because its time is up: {string.Join("; ", judged.Fresh)}"
                : "lapse: nothing has ended"
        );
        return Answers.Done(json => json.WriteNumber("running", store.Running));
    }

    // As if a revision without what has just ended had come.
    private static Plan Closing(RevisionFolder folder, Judgement judged)
    {
        var exposures = Exposures.Parse(folder.Bytes("exposures"), out _);
        var listeners = Listeners.Parse(folder.Bytes("listeners"), out _);
        var ports = judged.Shut.Where(s => s.Kind != "web").Select(s => $"{s.Kind} {s.Name}").ToHashSet();
        var targets = judged
            .Fresh.Concat(judged.Past)
            .Select(l => l.Split(' '))
            .Where(w => w is ["web", _, _, _, _])
            .Select(w => $"{w[3]} {w[4]}")
            .ToHashSet();
        var stays = exposures
            .Where(x =>
                !ports.Contains($"{(x.Protocol == Protocol.Tcp ? "tcp" : "udp")} {x.Port}")
                && !(x is { Protocol: Protocol.Tcp, Port: 80 or 443 } && targets.Contains($"{x.Address} {x.TargetPort}"))
            )
            .ToList();
        return Difference.Of(exposures, stays, listeners, listeners);
    }
}
