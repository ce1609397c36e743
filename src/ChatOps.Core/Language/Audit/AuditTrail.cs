using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Language.Audit;

/// <summary>Records as lines for people: who did what, when, why, with whose consent.</summary>
public static class AuditTrail
{
    /// <summary>What a record means; null for one that is part of another's story, as the effects of a change are.</summary>
    /// <param name="after">The gateway with the record folded in, and with the change that it is about.</param>
    /// <param name="ledTo">The VMs that an endpoint leads to and has led to.</param>
    public static AuditEntry? EntryOf(GatewayState after, GatewayEvent @event, Func<PublicEndpoint, IEnumerable<string>> ledTo)
    {
        var kind = EventTypes.Of(@event);
        if (kind.DetailsOf(after, @event) is not { } details)
            return null;
        var change = @event is ChangeEvent { Number: var number } ? after.Changes.GetValueOrDefault(number) : null;
        IEnumerable<Effect> effects = change is null ? [] : change.Effects;
        return new(
            kind.Word,
            details.ReplaceLineEndings(" / "),
            change,
            TouchedBy(@event is Effect own ? effects.Append(own) : effects, ledTo)
        );
    }

    private static Touched TouchedBy(IEnumerable<Effect> effects, Func<PublicEndpoint, IEnumerable<string>> ledTo)
    {
        var (endpoints, names, done) = (
            new HashSet<PublicEndpoint>(),
            new HashSet<string>(StringComparer.Ordinal),
            new HashSet<string>(StringComparer.Ordinal)
        );
        foreach (var effect in effects)
        {
            var kind = EventTypes.Of(effect);
            done.Add(kind.Word);
            if (kind.EndpointOf(effect) is { } endpoint)
            {
                endpoints.Add(endpoint);

                // A closed port belongs to the story of every VM that it has led to.
                if (effect is not ExposureOpened && effect is not (RuleAdded or RuleRemoved))
                    names.UnionWith(ledTo(endpoint));
            }

            names.UnionWith(kind.NamesIn(effect));
        }

        return new(endpoints, names, done);
    }
}
