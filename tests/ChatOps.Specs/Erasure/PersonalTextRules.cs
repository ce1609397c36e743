using ChatOps.Core.Application.Erasure;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Specs.Events;

namespace ChatOps.Specs.Erasure;

/// <summary>Whoever adds a text to an event has to say whether it is a person's own.</summary>
public sealed class PersonalTextRules
{
    // Made by us or by a machine, of typed values: nobody's own words.
    private static readonly string[] NotPersonal =
    [
        "alert-cleared.v1 Key",
        "alert-cleared.v1 Text",
        "alert-raised.v1 Detail",
        "alert-raised.v1 Key",
        "alert-raised.v1 Text",
        "change-applied.v1 ConfigHash",
        "change-approved.v1 PlanHash",
        "change-delayed.v1 Error",
        "change-failed.v1 Error",
        "change-failed.v1 Step",
        "change-proposed.v1 Line",
        "change-proposed.v1 PlanHash",
        "change-replanned.v1 PlanHash",
        "change-stuck.v1 Error",
        "person-forgotten.v1 Id",
        "person-forgotten.v1 Platform",
        "policy-changed.v1 Former",
        "policy-changed.v1 Hash",
        "signing-key-announced.v1 Former",
        "signing-key-announced.v1 Key",
    ];

    [Fact]
    public void Every_text_of_every_event_is_sealed_or_is_known_to_be_about_nobody()
    {
        var texts = StoredSamples.One.SelectMany(e => Texts(e).Select(t => $"{EventTypes.NameOf(e)} {t.Name}"));
        var personal = StoredSamples.One.SelectMany(Personal);
        Assert.Equal(NotPersonal, texts.Except(personal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Reasons_and_questions_are_personal() =>
        Assert.Equal(
            ["change-denied.v1 Reason", "change-forced.v1 Reason", "change-proposed.v1 Reason", "question-asked.v1 Line"],
            StoredSamples.One.SelectMany(Personal).Order(StringComparer.Ordinal)
        );

    private static IEnumerable<string> Personal(GatewayEvent @event)
    {
        var changed = Texts(PersonalTexts.Change(@event, (_, _) => "another"));
        return Texts(@event)
            .Zip(changed)
            .Where(t => t.First.Value != t.Second.Value)
            .Select(t => $"{EventTypes.NameOf(@event)} {t.First.Name}");
    }

    private static IEnumerable<(string Name, string? Value)> Texts(GatewayEvent @event) =>
        @event
            .GetType()
            .GetProperties()
            .Where(p => p.PropertyType == typeof(string))
            .OrderBy(p => p.Name)
            .Select(p => (p.Name, (string?)p.GetValue(@event)));
}
