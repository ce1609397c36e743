using System.Collections.Immutable;
using ChatOps.Bot.Replies;
using ChatOps.Core.Audit;
using ChatOps.Core.Changes;
using ChatOps.Core.Commands;
using ChatOps.Core.Gateways;
using ChatOps.Core.Policy;
using ChatOps.Core.Ports;
using ChatOps.Core.Values;

namespace ChatOps.Bot.Conversation;

/// <summary>The answer to a question: a text, or a refusal.</summary>
/// <param name="Text">The answer.</param>
/// <param name="Diff">File diffs that belong to it, or null.</param>
/// <param name="Refusal">Why there is none; null when there is.</param>
public sealed record Answer(string Text, string? Diff = null, Refusal? Refusal = null)
{
    /// <summary>No answer, and why.</summary>
    public static Answer No(Refusal refusal) => new("", null, refusal);
}

/// <summary>Answers questions. Changes nothing.</summary>
public sealed class Answers(IEventLog log, ChangePolicy policy, Previews previews, IHealthBoard board, ReplyWriter writer, TimeProvider clock)
{
    private const int PageLength = 10;

    private readonly StatsAnswers _stats = new(board, writer, clock);

    private static readonly string[] StepOrder = ["rendering", "validating", "switching", "checking", "verifying", "confirming", "total"];

    /// <summary>What a command would change.</summary>
    public Answer Plan(GatewayState state, ChangeCommand command, Speaker speaker)
    {
        var asIfAllowed = speaker with { Roles = [Role.Admin] };
        var decision = Decider.Decide(state, command, asIfAllowed, policy, clock.GetLocalNow());
        if (decision is Decision.Refused { Refusal: var refusal })
            return Answer.No(refusal);
        var proposed = (ChangeProposed)((Decision.Accepted)decision).Events[0];
        var plan = Core.Planning.Plan.Of(state, proposed.Effects);
        var diffs = previews.DiffOf(plan);
        var needs = policy.Needs(command, proposed.Effects);
        var model = new { Gateway = state.Name.ToString(), Plan = PlanWords.Of(plan, diffs), needs.Count, needs.Role, command.Line };
        return new(writer.Write("plan", model), PlanWords.Text(diffs));
    }

    /// <summary>A change with its plan as it was proposed, its file diffs and its story.</summary>
    public async Task<Answer> ShowAsync(Name<Gateway> gateway, int number, CancellationToken cancel)
    {
        var everything = new AuditQuery(Catalogue.Named("audit"), null, null, null, null, null, null);
        var trail = new AuditTrail(gateway, everything, clock.GetUtcNow());
        var (state, before) = (GatewayState.Initial(gateway), (GatewayState?)null);
        await foreach (var recorded in log.ReadStreamAsync(Gateway.StreamOf(gateway), 0, cancel))
        {
            if (recorded.Event is ChangeProposed proposed && proposed.Number == number)
                before = state;
            state = state.With(recorded);
            trail.Add(recorded);
        }

        if (before is null)
            return Answer.No(new($"no change #{number} on {gateway}.", "pending", "audit"));
        var change = state.Changes[number];
        var plan = Core.Planning.Plan.Of(before, change.Effects);
        var diffs = previews.DiffOf(plan);
        var model = new
        {
            Number = number,
            Gateway = gateway.ToString(),
            Plan = PlanWords.Of(plan, diffs),
            Status = Decider.StatusWord(change.Status),
            Reason = change.Reason ?? "",
            Steps = change.Status is ChangeStatus.Applied { Result.Steps: var steps }
                ? StepOrder.Where(steps.ContainsKey).Select(s => FormattableString.Invariant($"{s} {steps[s]} ms")).ToArray()
                : [],
            Story = trail.Lines.Where(l => l.Change == number).Select(l => AuditWords(l, false)).ToArray(),
        };
        return new(writer.Write("show", model), PlanWords.Text(diffs));
    }

    /// <summary>Any other question.</summary>
    public async Task<Answer> OfAsync(ImmutableSortedDictionary<Name<Gateway>, GatewayState> states, Query query, CancellationToken cancel)
    {
        if (query.At is { } at && !states.ContainsKey(at))
            return Answer.No(new($"no gateway {at}.", "gateways"));
        var asked = states.Values.Where(s => query.At is null || s.Name == query.At).ToList();
        return query switch
        {
            Pending => new(writer.Write("pending", new { Changes = asked.SelectMany(s => s.Proposed.Select(c => WaitingWords(s, c))).ToArray() })),
            Status => new(writer.Write("status", StatusWords.Of(asked, board, clock.GetUtcNow()))),
            ListVms => new(writer.Write("vms", new { Vms = asked.SelectMany(VmWords).ToArray() })),
            ListPeers => new(writer.Write("peers", new { Peers = asked.SelectMany(PeerWords).ToArray() })),
            ListRules => new(writer.Write("rules", new { Rules = asked.SelectMany(RuleWords).ToArray() })),
            ShowDrift => DriftOf(asked),
            Adopt => NotAdopted(asked),
            ListGateways => new(writer.Write("gateways", new { Gateways = asked.Select(GatewayWords).OfType<object>().ToArray() })),
            ShowStats stats => _stats.Of([.. asked.Where(s => s.Running.Gateway is not null)], stats),
            AuditQuery audit => await AuditAsync(asked, audit, cancel),
            Help { Topic: null } => new(writer.Write("help", new { Commands = Catalogue.All.Select(CommandWords.Of).ToArray() })),
            Help { Topic: { } topic } => new(string.Join('\n', Catalogue.All.Where(s => s.Name == topic.Name).Select(s => writer.Write("help-command", CommandWords.Of(s))))),
            _ => throw new InvalidOperationException($"no answer for {query.GetType().Name}"),
        };
    }

    // As Reconcile found it; the bot itself cannot reach a gateway.
    private Answer DriftOf(List<GatewayState> asked)
    {
        var known = asked.Where(s => s.Running.Gateway is not null).ToList();
        var drifted = known.Select(s => s.Alerts.GetValueOrDefault(Drifting.Key)).OfType<Alert>().ToList();
        var model = new { Gateways = known.Select(s => new { Text = DriftWords(s) }).ToArray(), Next = drifted.SelectMany(a => a.Next).Where(n => n != "drift").Distinct().ToArray() };
        return new(writer.Write("drift", model), drifted.Count == 0 ? null : string.Join("\n\n", drifted.Select(a => a.Detail)));
    }

    private string DriftWords(GatewayState state)
    {
        if (state.Alerts.GetValueOrDefault(Drifting.Key) is { } alert)
            return $"{alert.Text} · since {Times.Local(alert.Since)}";
        return board.Get(state.Name) is { Observation: not null } health
            ? $"{state.Name} is what the log says · looked {Times.Ago(clock.GetUtcNow() - health.At)}"
            : $"{state.Name} has not answered yet; the last look found no drift";
    }

    private static Answer NotAdopted(List<GatewayState> asked) =>
        asked.FirstOrDefault(s => s.Alerts.ContainsKey(Drifting.Key)) is { } state
            ? Answer.No(
                new(
                    $"what was changed by hand on {state.Name} is not taken over: nobody proposed it and nobody approved it. Repair puts back what was approved; what should stay is proposed as a change.",
                    "drift",
                    $"repair at {state.Name}",
                    "help expose"
                )
            )
            : Answer.No(new("there is no drift to adopt; and what is changed by hand is never taken over, because nobody approved it.", "drift", "help expose"));

    private async Task<Answer> AuditAsync(List<GatewayState> asked, AuditQuery query, CancellationToken cancel)
    {
        var lines = new List<AuditLine>();
        foreach (var state in asked)
        {
            var trail = new AuditTrail(state.Name, query, clock.GetUtcNow());
            await foreach (var recorded in log.ReadStreamAsync(Gateway.StreamOf(state.Name), 0, cancel))
                trail.Add(recorded);
            lines.AddRange(trail.Lines);
        }

        lines.Sort((a, b) => a.Time.CompareTo(b.Time));
        var page = query.Page ?? 1;
        var pages = Math.Max(1, (lines.Count + PageLength - 1) / PageLength);
        if (page > pages)
            return Answer.No(new($"this answer has {pages} page{(pages == 1 ? "" : "s")}.", query.Line(pages)));

        // The last page is the newest and comes first; within a page time runs downward.
        var end = lines.Count - ((page - 1) * PageLength);
        var shown = lines.GetRange(Math.Max(0, end - PageLength), Math.Min(PageLength, end));
        var model = new
        {
            Understood = query.Understood,
            Count = lines.Count,
            Lines = shown.Select(l => AuditWords(l, asked.Count > 1)).ToArray(),
            Older = page < pages ? query.Line(page + 1) : "",
            Hidden = Math.Max(0, end - PageLength),
        };
        return new(writer.Write("audit", model));
    }

    private static object AuditWords(AuditLine line, bool namesGateway) =>
        new
        {
            Time = Times.Local(line.Time),
            Change = $"{(namesGateway ? line.Gateway : "")}{(line.Change == 0 ? "" : $"#{line.Change}")}",
            line.What,
            line.Who,
            line.Details,
        };

    private static object WaitingWords(GatewayState state, Change change) =>
        new
        {
            change.Number,
            Headline = Core.Planning.Plan.Headline(change.Effects),
            Gateway = state.Name.ToString(),
            By = change.By.Name,
            Since = Times.Local(change.At),
            Missing = change.Needs.Count - change.Approvers.Length,
            change.Needs.Role,
        };

    private static IEnumerable<object> VmWords(GatewayState state) =>
        state.Running.Vms.Values.Select(vm => new
        {
            Name = vm.Name.ToString(),
            Gateway = state.Name.ToString(),
            Addresses = string.Join(", ", vm.Addresses),
            Ports = state.Running.LeadingTo(vm.Name).Select(x => $"{x.Endpoint} -> {x.TargetText}").ToArray(),
        });

    private IEnumerable<object> PeerWords(GatewayState state)
    {
        var handshakes = board.Get(state.Name)?.Observation?.Handshakes;
        return state.Running.Peers.Values.Select(peer => new
        {
            Name = peer.Name.ToString(),
            Gateway = state.Name.ToString(),
            Address = peer.Address.ToString(),
            Key = peer.Key.ToString(),
            Handshake = handshakes is not null && handshakes.TryGetValue(peer.Key.ToString(), out var at)
                ? $"handshake {Times.Ago(clock.GetUtcNow() - at)}"
                : "no handshake yet",
        });
    }

    private static IEnumerable<object> RuleWords(GatewayState state) =>
        state.Running.Rules.Values.Select(r => new { Text = r.ToString(), r.Key, Words = r.InWords, Gateway = state.Name.ToString() });

    private static object? GatewayWords(GatewayState state) =>
        state.Reachable([]) is { } gateway
            ? new
            {
                Name = gateway.Name.ToString(),
                Addresses = string.Join(", ", gateway.Addresses),
                Revision = state.RunningRevision.ToString(),
                HostKey = gateway.HostKey?.ToString() ?? "pinned at the first contact",
                WireGuard = $"{gateway.WireGuard} udp {gateway.WireGuardPort}",
                Mirrors = gateway.Mirrors is { } source ? $" · mirrors {source}" : "",
            }
            : null;
}
