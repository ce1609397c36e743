using ChatOps.Bot.Replies;
using ChatOps.Core.Changes;
using ChatOps.Core.Commands;
using ChatOps.Core.Gateways;
using ChatOps.Core.Ports;
using ChatOps.Core.Statistics;

namespace ChatOps.Bot.Conversation;

/// <summary>Answers <c>list</c>: what is open, from the state, and what runs through it now where that was heard.</summary>
internal sealed class ListAnswers(ReplyWriter writer)
{
    private const int PageLength = 30;

    /// <summary>The answer for some gateways.</summary>
    /// <param name="asked">The gateways.</param>
    /// <param name="query">What is asked for.</param>
    /// <param name="zone">By whose clock.</param>
    /// <param name="heard">What was last heard of the gateways; null when they are told as they were.</param>
    public Answer Of(IReadOnlyList<GatewayState> asked, ListOpen query, TimeZoneInfo zone, IHealthBoard? heard)
    {
        if (query.Vm is { } vm && asked.All(s => !s.Running.Vms.ContainsKey(vm)))
            return Answer.No(new($"no VM {vm}.", "vms", "list"));
        var all = asked.SelectMany(s => s.Running.Exposures.Values.Select(x => (State: s, Exposure: x)));
        var open = all.Where(o => IsMeant(o.State, o.Exposure, query)).OrderBy(o => query.Ending ? o.Exposure.Options.Until : null).ToList();
        var (page, pages) = (query.Page ?? 1, Math.Max(1, (open.Count + PageLength - 1) / PageLength));
        if (page > pages)
            return Answer.No(new($"this answer has {pages} page{(pages == 1 ? "" : "s")}.", query.Line(pages)));
        var shown = open.Skip((page - 1) * PageLength).Take(PageLength).ToList();
        var rows = shown.Select(o => RowOf(o.State, o.Exposure, zone, heard)).ToArray();
        var model = new
        {
            Count = open.Count,
            All = asked.Sum(s => s.Running.Exposures.Count),
            Rows = rows,
            Width = rows.Select(r => r.What.Length).DefaultIfEmpty(0).Max(),
            Hidden = Math.Max(0, open.Count - (page * PageLength)),
            More = query.Line(page + 1),
            Next = shown.Count == 0 ? "help expose" : NextOf(shown[0].State, shown[0].Exposure, asked.Count > 1),
        };
        return new(writer.Write("list", model));
    }

    private static bool IsMeant(GatewayState state, Exposure exposure, ListOpen query) =>
        (query.Vm is not { } vm || exposure.Targets.Any(t => t.Vm == vm))
        && (query.Endpoint is not { } asked || asked.Endpoints.Contains(exposure.Endpoint))
        && (query.By is not { } by || by.Equals(OpenerOf(state, exposure)?.By.Name, StringComparison.OrdinalIgnoreCase))
        && (!query.Ending || exposure.Options.Until is not null);

    private static Row RowOf(GatewayState state, Exposure exposure, TimeZoneInfo zone, IHealthBoard? heard)
    {
        var opener = OpenerOf(state, exposure);
        var since = opener?.Status is ChangeStatus.Applied { At: var at } ? $" since {Times.In(at, zone)}" : "";
        string?[] parts =
        [
            $"on {state.Name}",
            opener is null ? null : $"#{opener.Number} by {opener.By.Name}{since}",
            exposure.Options.Words.Trim() is { Length: > 0 } words ? words : "from anywhere",
            exposure.Options.Until is { } until ? $"until {Times.In(until, zone)}" : null,
            OpenNow(state, exposure, heard) is > 0 and var now ? $"{now} connection{(now == 1 ? "" : "s")} now" : null,
            opener?.Reason is { } reason ? $"because {reason}" : null,
        ];
        return new($"{exposure.Endpoint.Spoken} -> {exposure.TargetText}", string.Join(" · ", parts.OfType<string>()));
    }

    // Of a web address nobody counts apart from the other addresses.
    private static int? OpenNow(GatewayState state, Exposure exposure, IHealthBoard? heard) =>
        exposure.Endpoint.Port is { } port && heard?.SamplesOf(state.Name) is [.., var sample] ? Traffic.Sum(sample.Stats.Ports.Where(p => p.Port == port)).Open : null;

    private static Change? OpenerOf(GatewayState state, Exposure exposure) => state.Changes.GetValueOrDefault(exposure.Change);

    private static string NextOf(GatewayState state, Exposure exposure, bool isOneOfSeveral) =>
        $"why {exposure.Endpoint}{(isOneOfSeveral ? $" at {state.Name}" : "")}";

    private sealed record Row(string What, string About);
}
