using ChatOps.Gateway.Loading;
using ChatOps.Gateway.Running;

namespace ChatOps.Gateway.Verbs;

/// <summary>
/// Somebody else has ports of ours: looks every second whether one is free, and serves it again, until none is held. A service of its own
/// runs it.
/// </summary>
internal static class Regain
{
    private const int Pause = 1_000;

    public static string Answer(Call call)
    {
        // It holds up no shutdown.
        for (; HeldPorts.IsAnyNoted; Thread.Sleep(Pause))
        {
            _ = Libc.Signal(Libc.Terminate, 0);
            if (HeldPorts.Regainable().Count == 0)
                continue;
            using var locked = call.Lock(60);
            var store = call.Store!;
            var folder = store.RunningFolder;
            foreach (var engine in HeldPorts.Regainable())
                Proxies.Regain(new(call.Systemd, folder, folder) { Ending = Ending.Of(folder, store.Confirmed) }, engine);
        }

        return Answers.Done(_ => { });
    }
}
