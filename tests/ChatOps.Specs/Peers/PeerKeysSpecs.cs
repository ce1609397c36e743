using System.Collections.Immutable;
using ChatOps.Bot.Peers;
using ChatOps.Bot.Replies;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Decisions;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Commands;
using ChatOps.Rendering;
using ChatOps.Storage;

namespace ChatOps.Specs.Peers;

/// <summary>The keys that are made for a peer, and to whom they are sealed.</summary>
public sealed class PeerKeysSpecs : IDisposable
{
    private const string Key = "4zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=";

    private readonly HealthBoard _board = new();

    public void Dispose() => _board.Dispose();

    [Fact]
    public async Task A_pair_that_is_made_has_a_preshared_key_sealed_to_the_gateway_and_to_those_that_mirror_it()
    {
        var (gw1, gw2) = (Says("gw1"), Says("gw2"));
        var add = (AddPeer)(await KeyedAsync("peer add laptop", "gw2")).Command;
        Assert.NotNull(add.Key);
        Assert.Equal(new[] { $"{gw1}", $"{gw2}" }.Order(StringComparer.Ordinal), add.Preshared!.Value.All.Select(b => $"{b.Gateway}"));
        Assert.EndsWith(" psk", add.Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mirror_that_has_not_said_its_key_gets_none()
    {
        var gw1 = Says("gw1");
        var add = (AddPeer)(await KeyedAsync("peer add laptop", "gw2")).Command;
        Assert.Equal(gw1, Assert.Single(add.Preshared!.Value.All).Gateway);
    }

    [Fact]
    public async Task A_key_of_ones_own_gets_one_when_that_is_said_and_else_none()
    {
        Says("gw1");
        var plain = await KeyedAsync($"peer add vm1 {Key} 10.1.0.2");
        Assert.Null(((AddPeer)plain.Command).Preshared);
        Assert.Null(plain.File);
        var add = (AddPeer)(await KeyedAsync($"peer add vm1 {Key} 10.1.0.2 psk")).Command;
        Assert.Equal(Key, $"{add.Key}");
        Assert.NotNull(add.Preshared);
        var rotate = (RotatePeer)(await KeyedAsync($"peer rotate vm1 {Key} psk")).Command;
        Assert.Equal(Key, $"{rotate.Key}");
        Assert.NotNull(rotate.Preshared);
    }

    [Fact]
    public async Task The_same_is_never_made_twice()
    {
        Says("gw1");
        var (one, other) = ((AddPeer)(await KeyedAsync("peer add laptop")).Command, (AddPeer)(await KeyedAsync("peer add laptop")).Command);
        Assert.NotEqual(one.Key, other.Key);
        Assert.NotEqual(one.Preshared, other.Preshared);
    }

    [Theory]
    [InlineData("peer add laptop psk", "nothing can be shown to you alone here, so the key has to be yours.", "help peer add")]
    [InlineData(
        $"peer add vm1 {Key} psk",
        "nothing can be shown to you alone here, so no preshared key can be made.",
        $"peer add vm1 {Key}"
    )]
    [InlineData(
        $"peer rotate vm1 {Key} psk",
        "nothing can be shown to you alone here, so no preshared key can be made.",
        $"peer rotate vm1 {Key}"
    )]
    public async Task Where_nothing_can_be_shown_privately_none_is_made(string line, string sentence, string next)
    {
        Says("gw1");
        var refusal = (await KeyedAsync(line, isPrivate: false)).Refusal!;
        Assert.Equal((sentence, next), (refusal.Sentence, Assert.Single(refusal.Next)));
    }

    [Fact]
    public void A_line_of_which_no_key_was_made_is_refused() =>
        Assert.Equal(
            "no preshared key was made.",
            CommandEffects
                .Of(Given.AGateway().State, (ChangeCommand)Understood($"peer add vm1 {Key} psk"), 1, Given.Start)
                .Refusal?.Sentence
        );

    [Fact]
    public void Status_says_who_cannot_connect_because_the_machine_is_another_one()
    {
        var given = Given
            .AGateway()
            .Applied($"peer add vm1 {Key} 10.1.0.2")
            .Applied("peer add laptop 3zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= psk");
        Says("gw1", Text.Parse<WireGuardKey>(Given.GatewayKey));
        Assert.Empty(StatusWords.Of([given.State], _board, Given.Start, []).Attention);
        Says("gw1");
        Assert.Equal(
            ["laptop on gw1: its preshared key was made for another machine, so it cannot connect: peer rotate laptop at gw1"],
            StatusWords.Of([given.State], _board, Given.Start, []).Attention
        );
    }

    private WireGuardKey Says(string gateway, WireGuardKey? key = null)
    {
        var own = key ?? KeyPair.Make().Public;
        _board.Put(
            Text.Parse<Name<Gateway>>(gateway),
            new GatewayHealth(Given.Start, Given.Observation() with { WireGuardKey = own }, null)
        );
        return own;
    }

    private Task<KeyedCommand> KeyedAsync(string line, string? mirror = null, bool isPrivate = true)
    {
        var states = ImmutableSortedDictionary<Name<Gateway>, GatewayState>.Empty.Add(Given.Gateway().Name, Given.AGateway().State);
        if (mirror is not null)
        {
            var name = Text.Parse<Name<Gateway>>(mirror);
            var added = new GatewayAdded(
                0,
                Gateway.WithDefaults(name, [Text.Parse<Address>("203.0.113.20")], Given.Gateway().HostKey, Given.Gateway().Name)
            );
            states = states.Add(
                name,
                GatewayState
                    .Initial(name)
                    .With(new Recorded(0, "id", "stream", 1, Given.Start, Actor.Configuration, null, null, added, "", ""))
            );
        }

        var keys = new PeerKeys(
            _board,
            new ReplyWriter(new Templates(Path.Combine(AppContext.BaseDirectory, "templates"))),
            TimeProvider.System
        );
        return keys.KeyedAsync(states, states[Given.Gateway().Name], (ChangeCommand)Understood(line), isPrivate, default);
    }

    private static Command Understood(string line) => Assert.IsType<ParseResult.Understood>(Parser.Parse(line)).Command;
}
