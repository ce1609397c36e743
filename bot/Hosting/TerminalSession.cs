using System.Collections.Immutable;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Conversation;
using ChatOps.Bot.Local;
using ChatOps.Bot.Replies;
using ChatOps.Bot.Terminal;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Language.Audit;

namespace ChatOps.Bot.Hosting;

/// <summary>Lines typed at a terminal, each said by whom its name says, until the input ends or somebody quits.</summary>
/// <param name="read">Reads a line behind a prompt, completed with the names that there are; null at the end of the input. Blocks its
/// thread.</param>
internal sealed class TerminalSession(
    ConversationCore core,
    TerminalWriter writer,
    ImmutableArray<Speaker> people,
    Func<string, Vocabulary, string?> read
)
{
    private const int MostChanges = 20;

    private readonly Offers _offers = new(core.Ledger);

    private volatile Speaker? _speaker;

    /// <summary>Says what there is to do, by what there is already; then reads until the end.</summary>
    /// <param name="isNew">True when it was said already how there comes to be a gateway.</param>
    public async Task<int> RunAsync(bool isNew, CancellationToken cancel)
    {
        writer.Say(await BeginningAsync(isNew, cancel));
        var speaker = Least;
        writer.Reading = ReadAsync;
        while (true)
        {
            _speaker = speaker;
            var (prompt, known) = ($"{speaker.Actor.Id}> ", await KnownAsync(cancel));
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
                    speaker = await SayAsync(line, speaker, cancel);
                    break;
            }
        }
    }

    private async Task<Speaker> SayAsync(string line, Speaker speaker, CancellationToken cancel)
    {
        if (NamedLine.Becoming(line, people) is { } other)
            return other;
        if (NamedLine.Read(line, people, speaker) is var (who, text))
            await core.Chat.SayAsync(who, text, file => writer.Whisper(who, file), cancel, progress: writer.Show);
        else
            writer.Say($"no user \"{line.Split(':')[0].Trim()}\". Users: {Users}");
        return speaker;
    }

    // What a card offers works as it is typed at this prompt: what somebody else may say has their name in front.
    private async Task<ChatMessage> ReadAsync(ChatMessage message, CancellationToken cancel)
    {
        if (await StateOfAsync(message, cancel) is not { } state)
            return message;
        var next = NextLines.In(message.Text);
        var speaker = _speaker ?? Least;
        return message with { Text = Offers.With(message.Text, next, line => ByRank
                    .Prepend(speaker)
                    .FirstOrDefault(u => core.DecisionsOf(u).Sayable(state, line).Any())
                    is not { } who
                    ? null
                : who == speaker ? line
                : $"{who.Actor.Id}: {line}") };
    }

    // While the log does not answer, a card is shown as it is.
    private async Task<GatewayState?> StateOfAsync(ChatMessage message, CancellationToken cancel)
    {
        try
        {
            return (await _offers.ChangeOfAsync(message, cancel))?.State;
        }
        catch (LogUnavailableException)
        {
            return null;
        }
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

    // Whoever forgets to say who they are can do least.
    private Speaker Least => ByRank.First();

    private IEnumerable<Speaker> ByRank =>
        people.OrderBy(u => new[] { Role.Viewer, Role.Operator, Role.Approver, Role.Admin }.Count(u.Has));

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
