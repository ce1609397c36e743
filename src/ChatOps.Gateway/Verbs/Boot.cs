using ChatOps.Gateway.Loading;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Verbs;

/// <summary>The two halves of the boot: systemd runs the first before the network comes, the second after it.</summary>
internal static class Boot
{
    /// <summary>Back to the confirmed revision and its firewall.</summary>
    public static string Firewall(Call call)
    {
        using var locked = Lock(call);
        var store = call.Store!;
        var from = store.Running;
        Store.Begin("boot");
        File.WriteAllText(Places.Timer, "");
        foreach (var path in Directory.EnumerateDirectories(Places.Revisions, ".*.tmp"))
            Files.DeleteFolder(path);
        var folder = store.ConfirmedFolder;
        var before = from != store.Confirmed ? store.RunningFolder : RevisionFolder.Of(0);
        var change = new Change(call.Systemd, before, folder)
        {
            All = true,
            KeepsGoing = true,
            IsBoot = true,
            Ending = Ending.Of(folder, store.Confirmed),
        };
        if (from != store.Confirmed)
        {
            try
            {
                store.Run(store.Confirmed);
            }
            catch (IOException e)
            {
                change.Fail("current", $"cannot switch {Places.State}/current: {e.Message}");
            }

            Store.Remember(from, "boot");
        }

        Command.Run("modprobe", "-q", "-a", "nf_conntrack", "nf_tables");
        Loading.Firewall.Load(change);
        Sysctl.Load(change);
        Journal.Say($"boot: the firewall of {store.Confirmed} is loaded");
        return Answer(store, change);
    }

    public static string Services(Call call)
    {
        using var locked = Lock(call);
        var store = call.Store!;
        var folder = store.ConfirmedFolder;
        var change = new Change(call.Systemd, RevisionFolder.Of(0), folder)
        {
            KeepsGoing = true,
            IsBoot = true,
            Ending = Ending.Of(folder, store.Confirmed),
        };
        ReservedPorts.Load(change);
        Tunnel.Load(change);
        Addresses.Load(change);
        Proxies.Load(change);
        Listening.Check(change);
        change.Ending.LoadPorts(change);
        change.Ending.WakeUp(change);
        if (change.Trouble is null)
            Store.Finish();
        Journal.Say($"boot: what {store.Confirmed} needs is started");
        return Answer(store, change);
    }

    private static IDisposable Lock(Call call)
    {
        // What was not confirmed need not have reached the disk.
        if (
            Places.Number(Files.Line($"{Places.State}/current/revision")) is null
            && Places.Number(Files.Line($"{Places.State}/confirmed/revision")) is { } confirmed
        )
        {
            Journal.Say($"boot: the current revision is damaged; back to {confirmed}");
            Store.Point("current", confirmed);
        }

        return call.Lock(60);
    }

    private static string Answer(Store store, Change change) =>
        change.Trouble is { } trouble
            ? throw new Refusal("booting", "", trouble.Text, trouble.File)
            : Answers.Done(json => json.WriteNumber("running", store.Confirmed));
}
