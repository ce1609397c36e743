using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>What is said of alerts that are over where the gateway itself has to be looked at for it.</summary>
internal static class AlertOver
{
    public static string Lifetime(GatewayState state, string subject) =>
        OpenAs(state, subject) is not { } open ? $"{subject} on {state.Name} is closed"
        : open.Options.Until is { } until ? $"{subject} on {state.Name} stays open until {Lifetimes.Moment(until)}"
        : $"{subject} on {state.Name} stays open";

    /// <summary>
    /// That what an alert names has another name: it ends with the name that it was raised under, and what is not over is raised anew under
    /// the new one. Null when it is called so still.
    /// </summary>
    public static string? Renamed(AlertKind kind, GatewayState state, string subject)
    {
        var now = kind.Subject switch
        {
            AlertSubject.Peer when Name<Peer>.TryParse(subject, out var peer) && !state.Running.Peers.ContainsKey(peer) =>
                state.Renames.NameNow($"{peer}", isPeer: true),
            AlertSubject.Backend when VmEndpoint.TryParse(LastOf(subject), out var target) && !state.Running.Vms.ContainsKey(target.Vm) =>
                state.Renames.NameNow($"{target.Vm}", isPeer: false) is { } vm ? $"{vm}:{target.Port}" : null,
            _ => null,
        };
        return now is null ? null : $"{LastOf(subject)} on {state.Name} is called {now} now";
    }

    private static string LastOf(string subject) => subject[(subject.LastIndexOf(' ') + 1)..];

    // A key's subject is the list of endpoints as it was typed; what is open under it is found by the same text.
    private static Exposure? OpenAs(GatewayState state, string subject) =>
        state
            .Running.Exposures.Values.Where(x => x.Options.Until is not null)
            .GroupBy(x => (x.Change, x.Options.Until))
            .FirstOrDefault(g => Lists.Text(g.Select(x => x.Endpoint)) == subject)
            ?.First();
}
