using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Audit;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Application.Ports;

/// <summary>
/// What the log says, in an order in which questions are answered at once. It is a fold of the log and nothing else: it can be thrown away
/// at any time and makes itself anew. Every question sees all that was in the log when it was asked.
/// </summary>
public interface IReadModel
{
    /// <summary>Lines that a search finds: one page, the newest page first.</summary>
    /// <param name="page">Which page, from 1.</param>
    Task<AuditPage> FindAsync(AuditSearch search, int page, int length, CancellationToken cancel);

    /// <summary>All lines that a search finds, oldest first, never more than a few in memory.</summary>
    IAsyncEnumerable<AuditLine> ReadAsync(AuditSearch search, CancellationToken cancel);

    /// <summary>Times that endpoints were open or were to be, the newest first.</summary>
    /// <param name="gateway">Only on this gateway, or null.</param>
    /// <param name="asked">The endpoint, or both that a port without a protocol means.</param>
    /// <param name="time">Only those that touch this time.</param>
    /// <param name="page">Which page, from 1.</param>
    Task<OpeningPage> HistoryAsync(
        Name<Gateway>? gateway,
        AskedEndpoint asked,
        LogSpan time,
        int page,
        int length,
        CancellationToken cancel
    );

    /// <summary>
    /// What was open at any moment of a time, in the order of endpoints: a page, with who and why.
    /// </summary>
    Task<OpeningPage> OpenAsync(
        Name<Gateway> gateway,
        DateTimeOffset from,
        DateTimeOffset before,
        int page,
        int length,
        CancellationToken cancel
    );

    /// <summary>A gateway as it was at a time, without the changes that had ended by then; the empty state when it was not there.</summary>
    Task<GatewayState> StateAtAsync(Name<Gateway> gateway, DateTimeOffset time, CancellationToken cancel);

    /// <summary>A gateway as it was just before a change was proposed; null when there is no such change.</summary>
    Task<GatewayState?> BeforeChangeAsync(Name<Gateway> gateway, int change, CancellationToken cancel);

    /// <summary>A gateway as a revision made it; null when it never ran that.</summary>
    Task<GatewayState?> RevisionAsync(Name<Gateway> gateway, Revision revision, CancellationToken cancel);

    /// <summary>The names that there are, a few thousand of each kind at most, the newest first.</summary>
    Task<Vocabulary> VocabularyAsync(CancellationToken cancel);

    /// <summary>
    /// Takes in what the log has more, as every question does by itself. When somebody is to be forgotten, nothing of theirs is in it
    /// afterwards.
    /// </summary>
    Task CatchUpAsync(CancellationToken cancel);
}
