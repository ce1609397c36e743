using System.Collections.Immutable;
using ChatOps.Bot.Local;
using ChatOps.Bot.Replies;
using ChatOps.Bot.Terminal;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Language.Audit;

namespace ChatOps.Bot.Hosting;

/// <summary>Lines typed at a terminal, each said by whom its name says, until the input ends or somebody quits.</summary>
/// <param name="offers">What is offered, and who speaks.</param>
/// <param name="read">Reads a line behind a prompt, completed with the names that there are; null at the end of the input. Blocks its
/// thread.</param>
internal sealed class TerminalSession(
    ConversationCore core,
    TerminalWriter writer,
    ImmutableArray<Speaker> people,
    TerminalOffers offers,
    Func<string, Vocabulary, string?> read
)
{
    private const int MostChanges = 20;

    /// <summary>Says what there is to do, by what there is already; then reads until the end.</summary>
    /// <param name="isNew">True when it was said already how there comes to be a gateway.</param>
    public async Task<int> RunAsync(bool isNew, CancellationToken cancel)
    {
        writer.Say(await BeginningAsync(isNew, cancel));
        while (true)
        {
            var (prompt, known) = ($"{offers.Speaking.Actor.Id}> ", await KnownAsync(cancel));
            if (await Task.Run(() => read(prompt, known), cancel).WaitAsync(cancel) is not { } line)
                return 0;
            switch (line.Trim().ToLowerInvariant())
            {
                case "quit" or "exit":
                    return 0;
                case "clear" or "cls":
                    writer.Clear();
                    break;
                case "more":
                    writer.More();
                    break;
                default:
                    await SayAsync(line, cancel);
                    break;
            }
        }
    }

    private async Task SayAsync(string line, CancellationToken cancel)
    {
        if (NamedLine.Becoming(line, people) is { } other)
            offers.Speaking = other;
        else if (NamedLine.Read(line, people, offers.Speaking) is var (who, text))
            await core.Chat.SayAsync(who, text, file => writer.Whisper(who, file), cancel, progress: writer.Show);
        else
            writer.Say($"no user \"{line.Split(':')[0].Trim()}\". Users: {Users}");
    }

    private async Task<string> BeginningAsync(bool isNew, CancellationToken cancel)
    {
        var states = (await core.Ledger.LoadAllAsync(cancel)).Values.Where(s => s.Running.Gateway is not null).ToList();
        var vms = states.SelectMany(s => s.Desired.Vms.Keys).ToList();
        var next =
            states.Count == 0 && isNew ? "admin: gateway add gw1 ADDRESS, then approver: approve 1"
            : vms.Count == 0 ? "operator: vm add vm2 400::100:0:0:2, then approver: approve 1"
            : states.All(s => s.Desired.Exposures.IsEmpty)
                ? $"operator: expose {vms[0]}:8080 on 80, then approver: approve {states[0].NextNumber}"
            : "list";
        return $"""
            Say a line, with the name of who says it in front ({Users}); "as operator" is for all that follow.
            Try: {next}
            "help" has the rest; "quit" or Ctrl-D ends.
            """;
    }

    private string Users => string.Join(", ", people.Select(u => u.Actor.Id));

    // What waits comes first: that is what one decides about. Of a long past only its end is looked at.
    private async Task<Vocabulary> KnownAsync(CancellationToken cancel)
    {
        var states = (await core.Ledger.LoadAllAsync(cancel)).Values.ToList();
        var changes =
            from state in states
            from change in state.Proposed.Concat(state.Changes.NewestFirst().Take(MostChanges)).DistinctBy(c => c.Number)
            orderby change.Status is ChangeStatus.Proposed descending, change.At descending
            select ChangeCard.RefOf(state, change, states.Count > 1);
        return await core.Past.VocabularyAsync(cancel) with { Changes = [.. changes.Take(MostChanges)] };
    }
}
