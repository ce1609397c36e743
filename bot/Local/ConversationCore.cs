using ChatOps.Bot.Chat;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Conversation;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Streams;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;
using Microsoft.Extensions.Logging;

namespace ChatOps.Bot.Local;

/// <summary>The conversation as surfaces see it: where lines go, what is shown, and who may what.</summary>
public sealed partial class ConversationCore(
    IEventLog log,
    Ledger ledger,
    QuestionLog questions,
    Authority authority,
    Conversation.Conversation conversation,
    ChatRoom room,
    LocalChat chat,
    IReadModel past,
    IHealthBoard board,
    Previews previews,
    ChangeCard card,
    Announcers announcers,
    Announcer announcer,
    Troubles troubles,
    TimeProvider clock,
    ILogger<ConversationCore> logger
)
{
    /// <summary>The room that terminal and web page show.</summary>
    public ChatRoom Room => room;

    /// <summary>What takes lines, from any surface.</summary>
    public Conversation.Conversation Conversation => conversation;

    /// <summary>Where lines of this machine's people are said.</summary>
    public LocalChat Chat => chat;

    /// <summary>What the log says, in an order in which questions are answered at once.</summary>
    public IReadModel Past => past;

    /// <summary>Who may what, now.</summary>
    public Authority Authority => authority;

    /// <summary>The policy in force.</summary>
    public ChangePolicy Policy => authority.Policy;

    /// <summary>What was last heard of the gateways.</summary>
    public IHealthBoard Board => board;

    /// <summary>The file diffs of plans.</summary>
    public Previews Previews => previews;

    /// <summary>Writes the messages of changes.</summary>
    public ChangeCard Card => card;

    /// <summary>Where questions are written down, when policy says so.</summary>
    public QuestionLog Questions => questions;

    /// <summary>The states of the gateways.</summary>
    public Ledger Ledger => ledger;

    /// <summary>What of this process does not work.</summary>
    public Troubles Troubles => troubles;

    /// <summary>The clock that all of the conversation goes by; tests have one of their own.</summary>
    public TimeProvider Clock => clock;

    /// <summary>How many changes have failed since the start.</summary>
    public int Failures => announcer.Failures;

    /// <summary>The changes that are accepted and not finished.</summary>
    public IReadOnlyList<string> Unsettled => announcer.Unsettled;

    /// <summary>The position in the log up to which the room shows everything.</summary>
    public long ShownUpTo => announcer.Position;

    /// <summary>Completes when the room shows everything up to a position in the log.</summary>
    public Task ShownAsync(long position, CancellationToken cancel) => announcer.ReachedAsync(position, cancel);

    /// <summary>What someone may decide, with the roles that they have now.</summary>
    internal Decisions DecisionsOf(Speaker speaker) => new(Policy, authority.AsOfNow(speaker), speaker.Now(clock), ledger.Plans);

    /// <summary>What is hidden from someone, wherever they look.</summary>
    public async Task<Redaction> HiddenFromAsync(Speaker speaker, CancellationToken cancel) =>
        Redaction.For(authority.AsOfNow(speaker), Policy, (await ledger.LoadAllAsync(cancel)).Values);

    /// <summary>Puts another policy file in force, once that stands in the log.</summary>
    /// <param name="first">The file at the start, by which surfaces know people.</param>
    /// <param name="file">The file from now on.</param>
    /// <exception cref="LogUnavailableException">It does not; the former one stays in force.</exception>
    public async Task EnforceAsync(PolicyFile first, PolicyFile file, PolicyChanged change, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await LogStream.WriteAsync(log, new Origin($"policy:{change.Hash}@{now.UtcTicks}", Actor.Configuration), change, now, cancel);
        authority.Take(first, file);
    }

    /// <summary>Shows a surface of its own what has happened after a position in the log, as far as the room shows it now.</summary>
    public Task CatchUpAsync(IChatRoom surface, long after, CancellationToken cancel) =>
        announcers.CatchUpAsync(surface, after, ShownUpTo, cancel);

    /// <summary>Logs what of ours broke.</summary>
    /// <param name="work">What was being done.</param>
    /// <param name="problem">What came of it.</param>
    public void Broke(string work, string problem, Exception why) => Broke(logger, work, problem, why);

    [LoggerMessage(1, LogLevel.Error, "{Work}: {Problem}")]
    private static partial void Broke(ILogger logger, string work, string problem, Exception why);
}
