using System.Text.Json;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;
using CsCheck;

namespace ChatOps.Specs.Events;

/// <summary>Each event is folded and sealed, and what nobody knows is refused.</summary>
public sealed partial class StoredSamples
{
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_event_is_folded(string name)
    {
        var @event = Assert.Single(One, e => EventTypes.NameOf(e) == name);
        var given = Given.AGateway().When(Given.Operator, "expose vm2:8080 on 80").When(Given.Operator, "expose vm2:8080 on 81");
        var before = given.State;
        Assert.Equal(before.Version + 1, given.And(@event).State.Version);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_event_is_sealed_in_its_canonical_form(string name)
    {
        var @event = Assert.Single(One, e => EventTypes.NameOf(e) == name);
        var record = new NewRecord("id \u00e9\u2028\u001b", Given.Start, Actor.Apply, "message", "cause", @event);
        var (body, hash) = RecordFormat.Seal(record, "gateway/gw1", 1, RecordFormat.NoPrevious);
        using var parsed = JsonDocument.Parse(body);
        Assert.Equal(CanonicalJson.Write(parsed.RootElement), body);
        Assert.Equal(RecordFormat.HashOf(body), hash);
    }

    [Fact]
    public void Whatever_people_write_is_sealed_in_its_canonical_form() =>
        Gen.OneOf(Gen.String, Gen.Const("<b>&'+\u007f\u00a0\u2028\ufeff\ue000 \ud83d\ude00 \"\\\u001b"))
            .Sample(reason =>
            {
                var record = new NewRecord("id", Given.Start, Actor.Apply, null, null, new ChangeDenied(2, reason));
                var body = RecordFormat.Seal(record, "gateway/gw1", 1, RecordFormat.NoPrevious).Body;
                using var parsed = JsonDocument.Parse(body);
                Assert.Equal(CanonicalJson.Write(parsed.RootElement), body);
            });

    [Fact]
    public void An_unknown_event_is_refused_by_name()
    {
        using var data = JsonDocument.Parse("{}");
        var problem = Assert.Throws<JsonException>(() => EventTypes.FromJson("port-teleported.v9", data.RootElement));
        Assert.Contains("port-teleported.v9", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_that_nobody_knows_is_refused()
    {
        using var data = JsonDocument.Parse("""{"number":2,"because":"?"}""");
        Assert.Throws<JsonException>(() => EventTypes.FromJson("change-withdrawn.v1", data.RootElement));
    }
}
