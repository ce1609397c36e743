using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Bot.Conversation;

/// <summary>Answers <c>stats</c> from the samples on the health board.</summary>
internal sealed class StatsAnswers(IHealthBoard board, ReplyWriter writer, TimeProvider clock)
{
    private const int PageLength = 10;

    public Answer Of(IReadOnlyList<GatewayState> asked, ShowStats query)
    {
        if (query.Vm is { } vm && asked.All(s => !s.Running.Vms.ContainsKey(vm)))
            return Answer.No(new($"no VM {vm}.", "vms", "stats"));
        var about = query.Vm is { } behind ? [.. asked.Where(s => s.Running.Vms.ContainsKey(behind))] : asked;
        return query.Endpoint is { } endpoint ? OfEndpoint(about, query, endpoint) : OfAll(about, query);
    }

    private Answer OfAll(IReadOnlyList<GatewayState> asked, ShowStats query)
    {
        var words = asked.Select(s => (s.Name, Words: WordsOf(s))).ToList();
        if (words.Count == 1)
            return Page(
                query,
                $"{(query.Vm is { } vm ? $"{vm} · " : "")}{words[0].Words.Head}",
                words[0].Words.Columns,
                [.. words[0].Words.Trouble, .. words[0].Words.Overview(query.Vm)]
            );
        var lines = words.SelectMany(w => (IEnumerable<string>)[w.Words.Head, .. w.Words.Trouble, .. w.Words.Overview(query.Vm)]).ToList();
        return Page(query, string.Join(", ", words.Select(w => w.Name)), words.Count == 0 ? "" : words[0].Words.Columns, lines);
    }

    private Answer OfEndpoint(IReadOnlyList<GatewayState> asked, ShowStats query, AskedEndpoint about)
    {
        var open = asked.SelectMany(s => OpenOn(s, about).Select(x => (State: s, Exposure: x))).ToList();
        if (open.Count == 0)
            return Answer.No(new($"{about.Spoken} is not open.", "stats"));
        var lines = open.GroupBy(o => o.State.Name)
            .SelectMany(g => DetailsOf(g.First().State, [.. g.Select(o => o.Exposure)], namesEach: open.Count > 1));
        var title = string.Join("; ", open.Select(o => $"{o.Exposure.Endpoint.Spoken} -> {o.Exposure.TargetText}").Distinct());
        return Page(query, title, "", [.. lines]);
    }

    private static IEnumerable<Exposure> OpenOn(GatewayState state, AskedEndpoint about) =>
        about.Endpoints.Select(e => state.Running.Exposures.GetValueOrDefault(e)).OfType<Exposure>();

    private IEnumerable<string> DetailsOf(GatewayState state, List<Exposure> open, bool namesEach)
    {
        var words = WordsOf(state);
        return
        [
            $"  {words.Head}",
            .. words.Trouble,
            .. open.SelectMany(x => namesEach ? words.Detail(x).Prepend($"  {x.Endpoint.Spoken}") : words.Detail(x)),
        ];
    }

    private StatsWords WordsOf(GatewayState state) =>
        new(state, board.SamplesOf(state.Name), clock.GetUtcNow(), board.MissedBecause(state.Name));

    private Answer Page(ShowStats query, string title, string columns, List<string> lines)
    {
        var page = query.Page ?? 1;
        var pages = Math.Max(1, (lines.Count + PageLength - 1) / PageLength);
        if (page > pages)
            return Answer.No(new($"this answer has {Counts.Of(pages, "page")}.", query.Line(pages)));
        var model = new
        {
            Title = title,
            Columns = columns,
            Lines = lines.Skip((page - 1) * PageLength).Take(PageLength).ToArray(),
            Hidden = Math.Max(0, lines.Count - (page * PageLength)),
            More = query.Line(page + 1),
        };
        return new(writer.Write("stats", model));
    }
}
