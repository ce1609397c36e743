using ChatOps.Core.Changes;
using ChatOps.Core.Commands;
using ChatOps.Core.Gateways;
using ChatOps.Core.Values;

namespace ChatOps.Operations.Reconciling;

/// <summary>What is said when an alert is over.</summary>
internal static class AlertWords
{
    /// <summary>A sentence, without a full stop.</summary>
    public static string Over(GatewayState state, Alert alert)
    {
        var (name, subject) = (state.Name, Finding.SubjectOf(alert.Key));
        if (RenamedTo(state, alert.Key) is { } now)
            return $"{subject[(subject.LastIndexOf(' ') + 1)..]} on {name} is called {now} now";
        return Finding.KindOf(alert.Key) switch
        {
            "expiry" or "overdue" => OpenAs(state, subject) is { } open
                ? open.Options.Until is { } until ? $"{subject} on {name} stays open until {Lifetimes.Moment(until)}" : $"{subject} on {name} stays open"
                : $"{subject} on {name} is closed",
            Mirroring.Key => $"{name} follows again",
            Drifting.Key => $"{name} is again what the log says",
            "unreachable" => $"{name} answers again",
            "identity" => $"{name} shows its pinned host key again",
            "revision" or "unfinished" => $"{name} runs what the log says",
            "program" => $"the program on {name} and this one understand each other again",
            "service" => $"{subject} on {name} runs again",
            "conntrack" => $"{name} has room for connections again",
            "clock" => $"the clock of {name} is right again",
            "peer" => $"peer {subject} of {name} has shaken hands",
            "backend" => $"{subject} on {name} answers again",
            "rate" or "drops" => $"{subject} on {name} is as usual again",
            _ => $"over: {alert.Text}",
        };
    }

    // An alert ends with the name that it was raised under; what is not over is raised anew under the new one.
    private static string? RenamedTo(GatewayState state, string key) =>
        Finding.KindOf(key) switch
        {
            "peer" when Name<Peer>.TryParse(Finding.SubjectOf(key), out var peer) && !state.Running.Peers.ContainsKey(peer) => state.Renames.NameNow($"{peer}", isPeer: true),
            "backend" when VmEndpoint.TryParse(key[(key.LastIndexOf(' ') + 1)..], out var target) && !state.Running.Vms.ContainsKey(target.Vm) =>
                state.Renames.NameNow($"{target.Vm}", isPeer: false) is { } now ? $"{now}:{target.Port}" : null,
            _ => null,
        };

    // A key's subject is the list of endpoints as it was typed; what is open under it is found by the same text.
    private static Exposure? OpenAs(GatewayState state, string subject) =>
        state
            .Running.Exposures.Values.Where(x => x.Options.Until is not null)
            .GroupBy(x => (x.Change, x.Options.Until))
            .FirstOrDefault(g => Lists.Text(g.Select(x => x.Endpoint)) == subject)
            ?.First();
}
