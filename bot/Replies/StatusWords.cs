using System.Globalization;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Bot.Replies;

/// <summary>Status as templates want it: one line a gateway, then only what needs attention.</summary>
internal sealed record StatusWords(string[] Gateways, string[] Attention)
{
    /// <summary>Puts the gateways' states and what was last heard of them into words.</summary>
    /// <param name="board">What was last heard of them; null when they are told as they were.</param>
    /// <param name="troubles">What of the program itself does not work.</param>
    public static StatusWords Of(
        IReadOnlyList<GatewayState> states,
        IHealthBoard? board,
        DateTimeOffset now,
        IEnumerable<string> troubles
    ) =>
        new(
            [.. states.Where(s => s.Running.Gateway is not null).Select(s => Line(s, board?.Get(s.Name), board is not null))],
            [.. states.SelectMany(s => Attentions(s, board?.Get(s.Name), now)), .. troubles]
        );

    /// <summary>Why a peer cannot connect whose preshared key the gateway cannot open.</summary>
    internal const string OtherMachine = "its preshared key was made for another machine";

    /// <summary>What a gateway is that only writes files.</summary>
    internal const string Folder = "a folder: its files are written, and nothing is switched on";

    private static string Line(GatewayState state, GatewayHealth? health, bool isNow)
    {
        var edge = state.Running;
        var isFolder = health?.Observation is { IsFolder: true };
        var parts = new List<string>
        {
            state.Name.ToString(),
            $"revision {state.RunningRevision}",
            $"{Counts.Of(edge.Exposures.Count, "port")} {(isFolder ? "written" : "open")}",
            Counts.Of(edge.Vms.Count, "VM"),
            Counts.Of(edge.Peers.Count, "peer"),
        };
        if (isFolder)
        {
            parts.Add(Folder);
        }
        else if (health?.Observation is { } seen)
        {
            if (seen.Services.TryGetValue("mycelium", out var daemon))
                parts.Add(Overlay(seen, daemon));
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"load {seen.Load / 100.0:0.00}"));
            parts.Add($"up {Times.Length(seen.Uptime)}");
        }
        else if (isNow)
        {
            parts.Add(health is null ? "not asked yet" : "does not answer");
        }

        return string.Join(" · ", parts);
    }

    private static string Overlay(GatewayObservation seen, string daemon)
    {
        var how = daemon switch
        {
            "active" => "",
            "absent" => "no daemon installed",
            _ => $"daemon {daemon}",
        };
        return seen.Overlay is { } address ? $"Mycelium {address}{(how.Length == 0 ? "" : $" ({how})")}"
            : how.Length == 0 ? "Mycelium: no address yet"
            : $"Mycelium: {how}";
    }

    private static IEnumerable<string> Attentions(GatewayState state, GatewayHealth? health, DateTimeOffset now)
    {
        foreach (var change in state.Proposed)
        {
            yield return $"#{change.Number} on {state.Name} waits for {Counts.Of(change.Open.Total, "approval")} ({change.Open.Roles}) since {Times.Length(now - change.At)}: {EffectWords.Of(change)}";
        }

        foreach (var change in state.Queue.Select(n => state.Changes[n]))
        {
            if (change == state.Stuck)
            {
                yield return $"#{change.Number} on {state.Name} is stuck, and what was approved after it waits: {((ChangeStatus.Accepted)change.Status).Stuck}: retry at {state.Name}";
                continue;
            }

            var delay = change.Status is ChangeStatus.Accepted { Delay: { } why } ? $": {why}" : "";
            yield return $"#{change.Number} on {state.Name} is approved and not applied yet{delay}";
        }

        foreach (var alert in state.Alerts.Values.OrderBy(a => a.Since))
            yield return $"{alert.Text} ({Times.Length(now - alert.Since)}){(alert.Next.IsEmpty ? "" : $": {alert.Next[0]}")}";

        // A machine that was made anew cannot open what was sealed to the one before it.
        foreach (var peer in state.Running.Peers.Values.Where(p => p.IsShutAt(health?.Observation?.WireGuardKey)))
        {
            var next = $"peer rotate {peer.Name} at {state.Running.Gateway!.Mirrors ?? state.Name}";
            yield return $"{peer.Name} on {state.Name}: {OtherMachine}, so it cannot connect: {next}";
        }

        // The first miss is not an alert yet, but whoever asks may know.
        if (health?.Error is { } error && !state.Alerts.Keys.Any(k => AlertKind.Of(k)?.Source == AlertSource.Reaching))
            yield return $"{state.Name} does not answer ({Times.Ago(now - health.At)}): {error}";
    }
}
