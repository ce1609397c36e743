using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;

namespace ChatOps.Operations.Api;

/// <summary>A gateway as <c>/api/status</c> tells it.</summary>
/// <param name="Queue">Changes that are accepted and not finished.</param>
/// <param name="Stuck">Why nothing goes on; null when nothing is stuck.</param>
/// <param name="SeenAt">When it was last asked; null when it was not.</param>
/// <param name="Seen">The revision that it said it has confirmed; null when it did not answer.</param>
/// <param name="Problem">Why it did not answer; null when it did.</param>
internal sealed record StatusJson(
    string Gateway,
    int Revision,
    int Accepted,
    IReadOnlyList<int> Waiting,
    IReadOnlyList<int> Queue,
    string? Stuck,
    IReadOnlyList<string> Alerts,
    DateTimeOffset? SeenAt,
    int? Seen,
    string? Problem
)
{
    /// <summary>Of what the log says and of what was last heard.</summary>
    public static StatusJson Of(GatewayState state, GatewayHealth? health) =>
        new(
            state.Name.ToString(),
            state.RunningRevision.Number,
            state.LastRevision.Number,
            [.. state.Proposed.Select(c => c.Number)],
            [.. state.Queue],
            (state.Stuck?.Status as ChangeStatus.Accepted)?.Stuck,
            [.. state.Alerts.Values.OrderBy(a => a.Since).Select(a => a.Text)],
            health?.At,
            health?.Observation?.Confirmed.Number,
            health?.Error
        );
}
