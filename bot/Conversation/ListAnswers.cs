using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Bot.Conversation;

/// <summary>Answers <c>list</c>: what is open, from the state, and what runs through it now where that was heard.</summary>
internal sealed class ListAnswers(ReplyWriter writer)
{
    private const int PageLength = 30;

    private static readonly string[] Heads = ["open", "on", "for", "how", "until", "since, by", "traffic", "why"];

    /// <param name="zone">By whose clock.</param>
    /// <param name="heard">What was last heard of the gateways; null when they are told as they were.</param>
    public Answer Of(IReadOnlyList<GatewayState> asked, ListOpen query, TimeZoneInfo zone, DateTimeOffset now, IHealthBoard? heard)
    {
        if (query.Unused && heard is null)
            return Answer.No(new("what passed then is not kept; only what passes now is known.", "list unused", "stats"));
        if (query.Vm is { } vm && asked.All(s => !s.Running.Vms.ContainsKey(vm)))
            return Answer.No(NoVm(asked, vm));
        var all = asked.SelectMany(s => s.Running.Exposures.Values.Select(x => (State: s, Exposure: x)));
        var open = all.Where(o => IsMeant(o.State, o.Exposure, query, heard, now))
            .OrderBy(o => query.Ending ? o.Exposure.Options.Until : null)
            .ToList();
        var (page, pages) = (query.Page ?? 1, Math.Max(1, (open.Count + PageLength - 1) / PageLength));
        if (page > pages)
            return Answer.No(new($"this answer has {Counts.Of(pages, "page")}.", query.Line(pages)));
        var shown = open.Skip((page - 1) * PageLength).Take(PageLength).ToList();
        var rows = shown.Select(o => RowOf(o.State, o.Exposure, zone, now, heard, asked.Count > 1)).ToList();
        var candidates = query.Unused
            ? all.Where(o => IsMeant(o.State, o.Exposure, query with { Unused = false }, heard, now))
                .Select(o => PassedBy(o.State, o.Exposure, heard))
                .ToList()
            : [];
        var unsure = candidates.OfType<Passed>().Where(p => query.For is { } time && p.MayBeUnusedFor(time, now)).ToList();
        var folders = asked.Where(s => heard?.Get(s.Name)?.Observation is { IsFolder: true }).ToList();
        var model = new
        {
            Count = open.Count,
            All = asked.Sum(s => s.Running.Exposures.Count),
            Folders = folders.Select(s => $"{s.Name}").ToArray(),
            State = (open.Count > 0 ? open : all).All(o => folders.Contains(o.State)) ? "written" : "open",
            Meant = string.Join(" and ", MeantBy(query)),
            Lines = Aligned([Heads, .. rows]),
            Time = query.For is { } span ? Durations.Text(span) : null,
            Uncounted = candidates.Count(p => p is null),
            Unsure = unsure.Count,
            Since = unsure.Count > 0 ? Times.Minute(unsure.Max(p => p.Since), zone) : null,
            Hidden = Math.Max(0, open.Count - (page * PageLength)),
            More = query.Line(page + 1),
            Next = shown.Count == 0 ? "help expose" : NextOf(shown[0].State, shown[0].Exposure, asked.Count > 1),
        };
        return new(writer.Write("list", model));
    }

    // Whoever says a name may mean what that person has opened.
    private static Refusal NoVm(IEnumerable<GatewayState> asked, Name<Vm> vm) =>
        asked
            .SelectMany(s => s.Running.Exposures.Values.Select(x => OpenerOf(s, x)?.By.Name))
            .FirstOrDefault(n => $"{vm}".Equals(n, StringComparison.OrdinalIgnoreCase))
            is { } person
            ? new($"no VM {vm}.", $"list by {person}", "list")
            : new($"no VM {vm}.", "vms", "list");

    // What is asked for, of one.
    private static IEnumerable<string> MeantBy(ListOpen query)
    {
        if (query.Vm is { } vm)
            yield return $"leads to {vm}";
        if (query.Endpoint is { } endpoint)
            yield return $"is {endpoint.Spoken}";
        if (query.By is { } by)
            yield return $"was opened by {by}";
        if (query.Ending)
            yield return "closes by itself";
        if (query.Unused)
            yield return query.For is { } time ? $"is unused for {Durations.Text(time)}" : "is unused";
    }

    private static bool IsMeant(GatewayState state, Exposure exposure, ListOpen query, IHealthBoard? heard, DateTimeOffset now) =>
        (query.Vm is not { } vm || exposure.Targets.Any(t => t.Vm == vm))
        && (query.Endpoint is not { } asked || asked.Endpoints.Contains(exposure.Endpoint))
        && (query.By is not { } by || by.Equals(OpenerOf(state, exposure)?.By.Name, StringComparison.OrdinalIgnoreCase))
        && (!query.Ending || exposure.Options.Until is not null)
        && (
            !query.Unused
            || (PassedBy(state, exposure, heard) is { } passed && (query.For is { } time ? passed.IsUnusedFor(time, now) : !passed.IsUsed))
        );

    private static string[] RowOf(
        GatewayState state,
        Exposure exposure,
        TimeZoneInfo zone,
        DateTimeOffset now,
        IHealthBoard? heard,
        bool isOneOfSeveral
    )
    {
        var opener = OpenerOf(state, exposure);
        var options = exposure.Options;
        return
        [
            $"{exposure.Endpoint.Spoken} -> {exposure.TargetText}",
            isOneOfSeveral ? $"{state.Name}" : "",
            options.From?.ToString() ?? "anywhere",
            (options with { From = null }).Words.Trim(),
            options.Until is { } until ? Times.In(until, zone) : "",
            opener is null
                ? ""
                : $"{(state.OpenedAt(exposure) is { } at ? $"{Times.In(at, zone)} " : "")}#{opener.Number} {opener.By.Name}",
            PassedBy(state, exposure, heard)?.Words(now, zone) ?? "",
            opener?.Reason ?? "",
        ];
    }

    // A column that nobody needs is left out.
    private static string[] Aligned(IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable
            .Range(0, Heads.Length)
            .Select(i => rows.Skip(1).All(r => r[i].Length == 0) ? 0 : rows.Max(r => r[i].Length))
            .ToArray();
        return
        [
            .. rows.Select(r =>
                string.Join("  ", r.Select((cell, i) => cell.PadRight(widths[i])).Where((_, i) => widths[i] > 0)).TrimEnd()
            ),
        ];
    }

    // Of a web address nobody counts apart from the other addresses; and what was opened after the last look has not been looked at.
    private static Passed? PassedBy(GatewayState state, Exposure exposure, IHealthBoard? heard)
    {
        var opened = state.OpenedAt(exposure);
        if (exposure.Endpoint.Port is not { } port || heard?.TrafficOf(state.Name) is not { } known || known.Last.At <= opened)
            return null;
        var traffic = Traffic.Sum(known.Last.Stats.Ports.Where(p => p.Port == port));
        return new(
            traffic.Open,
            traffic.In.Packets + traffic.Out.Packets > 0,
            known.SeenAt(port, opened),
            known.QuietSince(port, opened),
            known.Since,
            opened
        );
    }

    private static Change? OpenerOf(GatewayState state, Exposure exposure) => state.Changes.GetValueOrDefault(exposure.Change);

    private static string NextOf(GatewayState state, Exposure exposure, bool isOneOfSeveral) =>
        $"why {exposure.Endpoint}{(isOneOfSeveral ? $" at {state.Name}" : "")}";

    // Quiet: since when no packet has passed, for certain. Since: when counting began, maybe after it was opened.
    private sealed record Passed(
        int Open,
        bool HasCounted,
        DateTimeOffset? Seen,
        DateTimeOffset Quiet,
        DateTimeOffset Since,
        DateTimeOffset? Opened
    )
    {
        public bool IsUsed => Open > 0 || HasCounted || Seen is not null;

        public bool IsUnusedFor(TimeSpan time, DateTimeOffset now) => Open == 0 && Quiet <= now - time;

        // Old enough, and nothing was seen; but nobody has looked for so long.
        public bool MayBeUnusedFor(TimeSpan time, DateTimeOffset now) =>
            Open == 0 && Since > now - time && Quiet == Since && (Opened is null || Opened <= now - time);

        public string Words(DateTimeOffset now, TimeZoneInfo zone) =>
            Open > 0 ? $"{Counts.Of(Open, "connection")} now"
            : Seen is { } at ? $"last packet {Times.Ago(now - at)}"
            : HasCounted ? $"last packet before {Times.Minute(Since, zone)}, when counting began"
            : Opened >= Since ? "unused"
            : $"no traffic seen since {Times.Minute(Since, zone)}, when counting began";
    }
}
