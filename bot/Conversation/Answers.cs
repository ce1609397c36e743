using System.Collections.Immutable;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Decisions;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;
using ChatOps.Core.Language.Words;

namespace ChatOps.Bot.Conversation;

/// <summary>The answer to a question: a text, or a refusal.</summary>
/// <param name="Diff">File diffs that belong to it, or null.</param>
/// <param name="Refusal">Why there is none; null when there is.</param>
public sealed record Answer(string Text, string? Diff = null, Refusal? Refusal = null)
{
    /// <summary>No answer, and why.</summary>
    public static Answer No(Refusal refusal) => new("", null, refusal);
}

/// <summary>Answers questions. Changes nothing.</summary>
/// <param name="past">What the log says about the past.</param>
/// <param name="previews">The file diffs of plans.</param>
/// <param name="board">What was last heard of the gateways.</param>
/// <param name="troubles">What of this process itself does not work now.</param>
public sealed class Answers(
    IReadModel past,
    Authority authority,
    Previews previews,
    IHealthBoard board,
    ReplyWriter writer,
    TimeProvider clock,
    Troubles troubles
)
{
    private readonly ListAnswers _list = new(writer);
    private readonly StatsAnswers _stats = new(board, writer, clock);
    private readonly AuditAnswers _audit = new(past, writer);
    private readonly HistoryAnswers _history = new(past, writer);
    private readonly TimeTravelAnswers _travel = new(past, authority, previews, writer);

    /// <summary>What a command would change.</summary>
    public Answer Plan(GatewayState state, ChangeCommand command, Speaker speaker)
    {
        var asIfAllowed = speaker with { Roles = [Role.Admin] };
        var decision = Decider.Decide(state, command, asIfAllowed, authority.Policy, speaker.Now(clock));
        if (decision is Decision.Refused { Refusal: var refusal })
            return Answer.No(refusal);
        var plan = ((Decision.Accepted)decision).Plan!;
        var diffs = previews.DiffOf(plan);
        var matters = Matters.Of(state, command, plan.Effects, speaker.Now(clock));
        var needs = authority.Policy.Needs(matters);
        var model = new
        {
            Gateway = state.Name.ToString(),
            Plan = PlanWords.Of(plan, command.Line, diffs),
            Count = needs.Total,
            Role = needs.Roles,
            Policy = PolicyWords.Of(authority.Policy, matters),
            command.Line,
        };
        return new(writer.Write("plan", model), PlanWords.Text(diffs));
    }

    /// <summary>A change with its plan as it was proposed, its file diffs and its story.</summary>
    public Task<Answer> ShowAsync(QueryContext asker, Name<Gateway> gateway, int number, CancellationToken cancel) =>
        _travel.ShowAsync(asker, gateway, number, cancel);

    /// <summary>What differs between two revisions of a gateway.</summary>
    public Task<Answer> DiffAsync(Name<Gateway> gateway, DiffRevisions query, CancellationToken cancel) =>
        _travel.DiffAsync(gateway, query, cancel);

    /// <summary>Any other question.</summary>
    public async Task<Answer> OfAsync(QueryContext asker, Query query, CancellationToken cancel)
    {
        if (query.At is { } at && !asker.States.ContainsKey(at))
            return Answer.No(new($"no gateway {at}.", "gateways"));
        return query switch
        {
            AsOf then => await ThenAsync(asker, then, cancel),
            AuditQuery audit => await _audit.OfAsync(asker, audit, cancel),
            HistoryQuery history => await _history.OfAsync(asker, history, cancel),
            OpenThen open => await _history.OfAsync(asker, open, cancel),
            Help { Topic: null } => new(writer.Write("help", new { HelpGroup.All })),
            Help { Topic: { } topic } => new(HelpOf(topic)),
            WhoAmI => new(
                writer.Write(
                    "whoami",
                    new
                    {
                        asker.Speaker.Actor.Name,
                        Roles = string.Join(", ", asker.Speaker.Roles),
                        Zone = asker.Zone.Id,
                        Time = Times.In(asker.Now, asker.Zone),
                    }
                )
            ),
            ShowVersion => new($"ChatOps {ChatOps.Hosting.ProgramVersion.Current}"),
            _ => OfStates(asker.Asked(query.At), query, asker, asker.Now, board),
        };
    }

    // A command in all its forms, or a line for each of a family.
    private string HelpOf(HelpTopic topic)
    {
        var isOne = topic.Forms.All(f => f.Name == topic.Forms[0].Name);
        return isOne
            ? string.Join('\n', topic.Forms.Select(s => writer.Write("help-command", CommandWords.Of(s))))
            : writer.Write(
                "help-family",
                new { topic.Name, Commands = topic.Forms.DistinctBy(f => f.Name).Select(CommandWords.Of).ToArray() }
            );
    }

    // The same words about what was; what was last heard of a gateway is about now and left out.
    private async Task<Answer> ThenAsync(QueryContext asker, AsOf query, CancellationToken cancel)
    {
        var (then, time, refusal) = await TimeTravelAnswers.ThenAsync(past, asker, query, cancel);
        if (then is null)
            return Answer.No(refusal!);
        var answer = OfStates(then.Asked(query.At), query.Of, asker, time, null);
        return answer with { Text = $"as of {Times.In(time, asker.Zone)} {asker.Zone.Id}\n{answer.Text}" };
    }

    private Answer OfStates(IReadOnlyList<GatewayState> asked, Query query, QueryContext asker, DateTimeOffset now, IHealthBoard? heard) =>
        query switch
        {
            Pending => PendingOf(asked, asker, heard is not null),
            Status => new(writer.Write("status", StatusWords.Of(asked, heard, now, heard is null ? [] : troubles.Now))),
            ListOpen list => _list.Of([.. asked.Where(s => s.Running.Gateway is not null)], list, asker.Zone, now, heard),
            ListVms => new(writer.Write("vms", new { Vms = asked.SelectMany(VmWords).ToArray() })),
            ListPeers => new(writer.Write("peers", new { Peers = asked.SelectMany(s => PeerWords(s, heard)).ToArray() })),
            ListRules => new(writer.Write("rules", new { Rules = asked.SelectMany(RuleWords).ToArray() })),
            ShowDrift => DriftOf(asked, asker),
            Adopt => NotAdopted(asked),
            ListGateways => new(writer.Write("gateways", new { Gateways = asked.Select(GatewayWords).OfType<object>().ToArray() })),
            ShowStats stats => _stats.Of([.. asked.Where(s => s.Running.Gateway is not null)], stats),
            _ => throw new InvalidOperationException($"no answer for {query.GetType().Name}"),
        };

    // As Reconcile found it; the bot itself cannot reach a gateway.
    private Answer DriftOf(IReadOnlyList<GatewayState> asked, QueryContext asker)
    {
        var known = asked.Where(s => s.Running.Gateway is not null).ToList();
        var drifted = known.Select(s => s.Alerts.GetValueOrDefault(AlertKind.Drift.Key)).OfType<Alert>().ToList();
        var decisions = new Decisions(authority.Policy, asker.Speaker, asker.Now);
        var model = new
        {
            Gateways = known.Select(s => new { Text = DriftWords(s, asker.Zone) }).ToArray(),
            Next = drifted.SelectMany(a => a.Next).Where(n => n != "drift" && decisions.MaySay(asker.States, n)).Distinct().ToArray(),
        };
        return new(writer.Write("drift", model), drifted.Count == 0 ? null : string.Join("\n\n", drifted.Select(a => a.Detail)));
    }

    private string DriftWords(GatewayState state, TimeZoneInfo zone)
    {
        if (state.Alerts.GetValueOrDefault(AlertKind.Drift.Key) is { } alert)
            return $"{alert.Text} · since {Times.In(alert.Since, zone)}";
        return board.Get(state.Name) is { Observation: not null } health
            ? $"{state.Name} is what the log says · looked {Times.Ago(clock.GetUtcNow() - health.At)}"
            : $"{state.Name} has not answered yet; the last look found no drift";
    }

    private static Answer NotAdopted(IReadOnlyList<GatewayState> asked) =>
        asked.FirstOrDefault(s => s.Alerts.ContainsKey(AlertKind.Drift.Key)) is { } state
            ? Answer.No(
                new(
                    $"what was changed by hand on {state.Name} is not taken over: nobody proposed it and nobody approved it. Repair puts back what was approved; what should stay is proposed as a change.",
                    "drift",
                    $"repair at {state.Name}",
                    "help expose"
                )
            )
            : Answer.No(
                new(
                    "there is no drift to adopt; and what is changed by hand is never taken over, because nobody approved it.",
                    "drift",
                    "help expose"
                )
            );

    // The line to approve is for who may say it, and is about what was asked for: the oldest of theirs.
    private Answer PendingOf(IReadOnlyList<GatewayState> asked, QueryContext asker, bool isNow)
    {
        var decisions = new Decisions(authority.Policy, asker.Speaker, asker.Now);
        var mine = isNow
            ? asked.SelectMany(s => decisions.WaitingIn(s).Select(c => ChangeCard.RefOf(s, c, asked.Count > 1))).FirstOrDefault()
            : null;
        return new(
            writer.Write(
                "pending",
                new
                {
                    Changes = asked.SelectMany(s => s.Proposed.Select(c => WaitingWords(s, c, asker.Zone, asked.Count > 1))).ToArray(),
                    Mine = mine,
                }
            )
        );
    }

    private static object WaitingWords(GatewayState state, Change change, TimeZoneInfo zone, bool isOneOfSeveral) =>
        new
        {
            Name = $"{new ChangeRef(isOneOfSeveral ? state.Name : null, change.Number)}",
            Ref = ChangeCard.RefOf(state, change, isOneOfSeveral),
            Headline = EffectWords.Of(change),
            Gateway = state.Name.ToString(),
            By = change.By.Name,
            Since = Times.In(change.At, zone),
            Missing = change.Open.Total,
            Role = change.Open.Roles,
        };

    private static IEnumerable<object> VmWords(GatewayState state) =>
        state.Running.Vms.Values.Select(vm => new
        {
            Name = vm.Name.ToString(),
            Gateway = state.Name.ToString(),
            Addresses = string.Join(", ", vm.Addresses),
            Ports = state.Running.LeadingTo(vm.Name).Select(x => $"{x.Endpoint} -> {x.TargetText}").ToArray(),
        });

    private IEnumerable<object> PeerWords(GatewayState state, IHealthBoard? heard)
    {
        var seen = heard?.Get(state.Name)?.Observation;
        var handshakes = seen?.Handshakes;
        return state.Running.Peers.Values.Select(peer => new
        {
            Name = peer.Name.ToString(),
            Gateway = state.Name.ToString(),
            Address = string.Join(", ", peer.AddressesAt(state.Running.Gateway!)),
            Key = peer.Key.ToString(),
            Preshared = peer.Preshared is null ? ""
            : peer.IsShutAt(seen?.WireGuardKey) ? StatusWords.OtherMachine
            : "with a preshared key",
            Routes = peer.Routes?.ToString() ?? "",
            Handshake = handshakes is not null && handshakes.TryGetValue(peer.Key.ToString(), out var at)
                ? $"handshake {Times.Ago(clock.GetUtcNow() - at)}"
            : heard is null ? ""
            : "no handshake yet",
        });
    }

    private static IEnumerable<object> RuleWords(GatewayState state) =>
        state.Running.Rules.Values.Select(r => new
        {
            Text = r.ToString(),
            r.Key,
            Words = r.InWords,
            Gateway = state.Name.ToString(),
        });

    private static object? GatewayWords(GatewayState state) =>
        state.Reachable([]) is { } gateway
            ? new
            {
                Name = gateway.Name.ToString(),
                Addresses = string.Join(", ", gateway.Addresses),
                Revision = state.RunningRevision.ToString(),
                HostKey = gateway.HostKey?.ToString() ?? "pinned at the first contact",
                Access = gateway.AccessWords,
                WireGuard = $"{string.Join(" and ", gateway.Networks)} udp {gateway.WireGuardPort}",
                Mirrors = gateway.Mirrors is { } source ? $" · mirrors {source}" : "",
            }
            : null;
}
