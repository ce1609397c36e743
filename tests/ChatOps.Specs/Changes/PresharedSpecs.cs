using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using static ChatOps.Specs.Given;

namespace ChatOps.Specs.Changes;

/// <summary>A peer's preshared key, which is sealed, goes where its key goes.</summary>
public sealed class PresharedSpecs
{
    private const string Key = "5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=";
    private const string Other = "4zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=";

    [Fact]
    public void Undoing_a_rotation_brings_back_the_former_one_with_the_former_key()
    {
        var given = AGateway().Applied($"peer add laptop {Key} psk");
        var before = Laptop(given);
        given.Applied($"peer rotate laptop {Other} psk");
        Assert.NotEqual(before.Preshared, Laptop(given).Preshared);
        given.Applied("undo 2");
        Assert.Equal(before, Laptop(given));
    }

    [Fact]
    public void A_rollback_brings_it_back_too()
    {
        var given = AGateway().Applied($"peer add laptop {Key} psk");
        var before = Laptop(given);
        given.Applied($"peer rotate laptop {Other}");
        Assert.Null(Laptop(given).Preshared);
        given.Applied("rollback to 1");
        Assert.Equal(before, Laptop(given));
        given.Applied("peer remove laptop").Applied("undo 4");
        Assert.Equal(before, Laptop(given));
    }

    [Fact]
    public void The_same_key_can_get_one_or_lose_it()
    {
        var given = AGateway().Applied($"peer add laptop {Key}");
        given.When(Operator, $"peer rotate laptop {Key}").Refused("peer laptop has this key already.");
        Assert.NotNull(Laptop(given.Applied($"peer rotate laptop {Key} psk")).Preshared);
        Assert.Null(Laptop(given.Applied($"peer rotate laptop {Key}")).Preshared);
    }

    [Fact]
    public void Another_name_keeps_it()
    {
        var given = AGateway().Applied($"peer add laptop {Key} psk");
        var before = Laptop(given);
        Assert.Equal(before.Preshared, Assert.Single(given.Applied("peer rename laptop notebook").State.Running.Peers.Values).Preshared);
    }

    [Fact]
    public void A_peer_that_is_there_without_one_is_not_added_with_one() =>
        AGateway()
            .Applied($"peer add laptop {Key} 10.1.0.9")
            .When(Operator, $"peer add laptop {Key} 10.1.0.9 psk")
            .Refused("peer laptop is known already, at 10.1.0.9.", $"peer rotate laptop {Key} psk");

    [Fact]
    public void The_plan_says_that_there_is_one_and_nothing_of_it()
    {
        var added = AGateway().When(Operator, $"peer add laptop {Key} psk").State.Proposed.Single();
        Assert.Equal("add peer laptop at 10.1.0.100, with a preshared key", EffectWords.Of(added));
        var rotated = AGateway()
            .Applied($"peer add laptop {Key}")
            .When(Operator, $"peer rotate laptop {Other} psk")
            .State.Proposed.Single();
        Assert.Equal("new key for peer laptop, with a preshared key", EffectWords.Of(rotated));
    }

    [Fact]
    public void Who_sees_no_keys_sees_no_sealed_ones()
    {
        var given = AGateway().Applied($"peer add laptop {Key} psk");
        var text = $"+psk {Key} {Laptop(given).Preshared!.Value.All[0]}\n+{Laptop(given).Preshared!.Value.All[0].Box}";
        Assert.Equal("+psk (hidden) (hidden):(hidden)\n+(hidden)", Redaction.Of(given.State).Hide(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=")]
    [InlineData("5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=:")]
    [InlineData("5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=:5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=")]
    public void What_is_no_box_is_not_read(string text) => Assert.False(SealedKeys.TryParse(text, out _));

    private static Peer Laptop(Given given) => given.State.Running.Peers[Text.Parse<Name<Peer>>("laptop")];
}
