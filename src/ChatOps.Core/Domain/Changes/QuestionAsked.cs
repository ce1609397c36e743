using ChatOps.Core.Domain.Gateways;

namespace ChatOps.Core.Domain.Changes;

/// <summary>Someone asked, where policy wants that to be known. In a stream of its own; it changes nothing.</summary>
/// <param name="Line">The question as it was said.</param>
internal sealed record QuestionAsked(string Line) : GatewayEvent
{
    /// <summary>The stream of all questions.</summary>
    public const string Stream = "questions";
}
