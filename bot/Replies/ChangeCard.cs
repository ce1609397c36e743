using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Bot.Chat;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Decisions;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Planning;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;
using ChatOps.Core.Language.Words;
using ChatOps.Rendering;

namespace ChatOps.Bot.Replies;

/// <summary>The one message of a change, in every state that it can be in.</summary>
public sealed class ChangeCard(ReplyWriter writer)
{
    /// <summary>The key of a change's message.</summary>
    public static string KeyOf(Name<Gateway> gateway, int change) => string.Create(CultureInfo.InvariantCulture, $"{gateway}#{change}");

    /// <summary>While nothing runs: its state, and its plan when that is still open.</summary>
    /// <param name="plan">Its plan; null when it is not open any more or cannot be planned.</param>
    /// <param name="diffs">The plan's file diffs.</param>
    /// <param name="isOneOfSeveral">True when there are other gateways, so that what is offered names this one.</param>
    public ChatMessage Of(GatewayState state, Change change, Plan? plan, IReadOnlyList<FileDiff> diffs, bool isOneOfSeveral)
    {
        var words = plan is null ? null : PlanWords.Of(plan, change.Line, diffs);
        var text = writer.Write(
            $"change-{Decider.StatusWord(change.Status)}",
            new
            {
                change.Number,
                Ref = RefOf(state, change, isOneOfSeveral),
                Gateway = state.Name.ToString(),
                Headline = EffectWords.Of(change),
                Reason = change.Reason ?? "",
                By = change.By.Name,
                IsByItself = change.By.IsSameAs(Actor.Reconcile),
                Approvers = change.Consents.ToArray(),
                Missing = change.Open.Total,
                Role = change.Open.Roles,
                change.IsTightened,
                Plan = words,
                Status = (object)change.Status,
                Reachable = Addresses(state, change, isReachable: true),
                Open = Addresses(state, change, isReachable: false),
                IsOnFileOnly = change.Status is ChangeStatus.Applied { Result.IsOnFileOnly: true },
                Pinned = change.Effects.Any(e => e is GatewayAdded { Gateway.HostKey: null }) && state.HostKey is { } key ? $"{key}" : "",
                Undo = On(UndoOf(state, change)),
                Extend = change.Effects.OfType<ExposureOpened>().Any(e => e.Options is { Ends: true })
                    ? On($"extend {change.Number} for 1h")
                    : "",
                Total = change.Status is ChangeStatus.Applied { Result: var result } && result.Steps.TryGetValue("total", out var ms)
                    ? ms
                    : 0,
                Line = On(change.Line),
            }
        );
        string On(string line) => isOneOfSeveral ? Parser.On(line, state.Name) : line;
        return new(
            KeyOf(state.Name, change.Number),
            null,
            text,
            PlanWords.Text(diffs),
            ButtonsOf(state, change),
            ToneOf(change.Status),
            Folded: words?.Folded
        );
    }

    /// <summary>To be shouted: somebody lets it be applied without the consent that it needs.</summary>
    /// <param name="isOneOfSeveral">True when there are other gateways.</param>
    public ChatMessage Glass(GatewayState state, Change change, DateTimeOffset at, bool isOneOfSeveral)
    {
        var text = writer.Write(
            "glass",
            new
            {
                change.Number,
                Ref = RefOf(state, change, isOneOfSeveral),
                Gateway = state.Name.ToString(),
                Headline = EffectWords.Of(change),
                By = change.By.Name,
                Who = change.Glass!.By.Name,
                change.Glass.Reason,
                Missing = change.Open.Total,
                Role = change.Open.Roles,
            }
        );
        var key = string.Create(CultureInfo.InvariantCulture, $"{state.Name}!break-glass-{change.Number}@{at.ToUnixTimeMilliseconds()}");
        return new(key, null, text, null, [], Tone.Bad);
    }

    /// <summary>While it is applied: one line with a bar.</summary>
    public ChatMessage Progress(Name<Gateway> gateway, Change change, ApplyStep step)
    {
        var last = (int)ApplyStep.Confirmed;
        var text = writer.Write(
            "change-progress",
            new
            {
                change.Number,
                Gateway = gateway.ToString(),
                Headline = EffectWords.Of(change),
                Step = step.ToString().ToLowerInvariant(),
                At = (int)step,
                Of = last,
                Bar = new string('#', (int)step) + new string('-', last - (int)step),
            }
        );
        return new(KeyOf(gateway, change.Number), null, text, null, [], Tone.Working);
    }

    /// <summary>A change as it is typed: its number, with the gateway where there are several.</summary>
    public static string RefOf(GatewayState state, Change change, bool isOneOfSeveral) =>
        new ChangeRef(isOneOfSeveral ? state.Name : null, change.Number).Typed;

    // The other way round, as a line to type.
    private static string UndoOf(GatewayState state, Change change) =>
        state.Running.Gateway?.Mirrors is not null ? ""
        : change.Effects.Any(e => e is VmRemoved or VmRenamed or PeerRenamed) ? $"undo {change.Number}"
        : change.Effects.OfType<ExposureOpened>().Select(e => e.Endpoint).ToList() is { Count: > 0 } opened
            ? $"unexpose {Lists.Text(opened)}"
        : change.Effects.Any(e => e is GatewayAdded or GatewayRemoved or EdgeRepaired) ? ""
        : $"undo {change.Number}";

    /// <summary>What can be decided about a change, whoever looks.</summary>
    public static ImmutableArray<ChatButton> ButtonsOf(GatewayState state, Change change)
    {
        if (change.Status is not ChangeStatus.Proposed)
            return [];
        var key = KeyOf(state.Name, change.Number);
        return
        [
            new("Approve", $"approve {key} plan {change.PlanHash}"),
            new("Deny", $"deny {key} because", AsksReason: true),
            new("Withdraw", $"withdraw {key}"),
        ];
    }

    /// <summary>The colour of a change.</summary>
    public static Tone ToneOf(ChangeStatus status) =>
        status switch
        {
            ChangeStatus.Proposed => Tone.Waiting,
            ChangeStatus.Accepted { Stuck: not null } => Tone.Bad,
            ChangeStatus.Accepted => Tone.Working,
            ChangeStatus.Applied => Tone.Good,
            ChangeStatus.Failed or ChangeStatus.Denied => Tone.Bad,
            _ => Tone.Plain,
        };

    // What a client can type or click now: a URL where the port says what speaks there. Reachable is what a VM answered at, and only that.
    private static string[] Addresses(GatewayState state, Change change, bool isReachable)
    {
        var result = (change.Status as ChangeStatus.Applied)?.Result;
        var opened = change
            .Effects.OfType<ExposureOpened>()
            .Where(o => (result?.Answered?.Contains(o.Endpoint) ?? true) == isReachable)
            .ToList();
        string[] all = [.. opened.SelectMany(o => Addresses(state, o, result?.Stopped ?? [])).Distinct()];
        return all.Length <= 4 ? all : [.. all.Take(4), $"and {all.Length - 4} more"];
    }

    // Of a family whose clients somebody else stops nothing is said but that.
    private static IEnumerable<string> Addresses(GatewayState state, ExposureOpened opened, ImmutableArray<StoppedClients> stopped)
    {
        var families = state
            .Running.Gateway?.Families.Where(f =>
                Exposure
                    .PortsOf(opened.Endpoint, opened.Options ?? ExposureOptions.None)
                    .All(p => stopped.All(s => s.Family != f || s.Port != p))
            )
            .ToList()
            ?? [];
        if (opened.Endpoint.Web is { } web)
            return families.Count > 0
                ? [$"{(opened.Options is { Certificate: not null } or { Passthrough: true } ? "https" : "http")}://{web}"]
                : [];
        var port = opened.Endpoint.Port!.Value;
        return from address in state.Running.Gateway?.Addresses ?? []
            where families.Contains(address.Family)
            let host = address.Family == Family.IPv6 ? $"[{address}]" : address.ToString()
            select port switch
            {
                { Protocol: Protocol.Tcp, Port.Number: 80 } => $"http://{host}",
                { Protocol: Protocol.Tcp, Port.Number: 443 } => $"https://{host}",
                _ => $"{port.ProtocolName}://{host}:{port.Port}",
            };
    }
}
