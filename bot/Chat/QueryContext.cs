using System.Collections.Immutable;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Bot.Chat;

/// <summary>Who asks, what is known at that moment, and what of it they do not see.</summary>
/// <param name="States">All gateways as the log says now.</param>
/// <param name="Hidden">What is hidden from them.</param>
public sealed record QueryContext(
    Speaker Speaker,
    ImmutableSortedDictionary<Name<Gateway>, GatewayState> States,
    Redaction Hidden,
    TimeProvider Clock
)
{
    /// <summary>The time zone of the speaker, or of this machine when theirs is not known.</summary>
    public TimeZoneInfo Zone => Speaker.Zone ?? Clock.LocalTimeZone;

    /// <summary>The present moment in the speaker's time zone.</summary>
    public DateTimeOffset Now => Speaker.Now(Clock);

    /// <summary>The gateways that a question is about: the named one, or all.</summary>
    public IReadOnlyList<GatewayState> Asked(Name<Gateway>? at) => [.. States.Values.Where(s => at is null || s.Name == at)];
}
