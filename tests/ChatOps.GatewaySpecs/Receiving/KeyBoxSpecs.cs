using System.Security.Cryptography;
using ChatOps.Bot.Peers;
using ChatOps.Core.Domain.Values;
using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Receiving;
using KeyBox = ChatOps.Gateway.Receiving.KeyBox;
using Sealing = ChatOps.Bot.Peers.KeyBox;

namespace ChatOps.GatewaySpecs.Receiving;

/// <summary>A preshared key, from the program that makes it to the gateway that it is sealed to.</summary>
public sealed class KeyBoxSpecs
{
    private const string Peer = "4zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=";

    private readonly KeyPair _gateway = KeyPair.Make();
    private readonly byte[] _preshared = RandomNumberGenerator.GetBytes(32);

    private byte[] Secret => Convert.FromBase64String(_gateway.Private);

    [Fact]
    public void What_was_sealed_to_a_gateway_it_opens()
    {
        var box = Convert.FromBase64String(Seal().Box);
        Assert.Equal(SealedKey.Length, box.Length);
        Assert.Equal(_preshared, KeyBox.Open(box, Secret));
    }

    [Fact]
    public void Both_ends_call_a_key_the_same() => Assert.Equal(_gateway.Public.ToString(), KeyBox.PublicOf(Secret));

    [Fact]
    public void No_two_boxes_are_alike() => Assert.NotEqual(Seal().Box, Seal().Box);

    [Fact]
    public void Another_gateway_opens_nothing() =>
        Assert.Null(KeyBox.Open(Convert.FromBase64String(Seal().Box), Convert.FromBase64String(KeyPair.Make().Private)));

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(79)]
    public void A_bit_that_is_another_opens_nothing(int at)
    {
        var box = Convert.FromBase64String(Seal().Box);
        box[at] ^= 4;
        Assert.Null(KeyBox.Open(box, Secret));
    }

    [Fact]
    public void What_is_shorter_or_longer_opens_nothing()
    {
        var box = Convert.FromBase64String(Seal().Box);
        Assert.Null(KeyBox.Open(box.AsSpan(0, box.Length - 1), Secret));
        Assert.Null(KeyBox.Open([.. box, 0], Secret));
        Assert.Null(KeyBox.Open(new byte[SealedKey.Length], Secret));
    }

    [Fact]
    public void Nothing_is_sealed_to_a_key_of_which_everybody_knows_what_comes_out()
    {
        var one = new byte[32];
        one[0] = 1;
        Assert.Null(Sealing.Seal(_preshared, Text.Parse<WireGuardKey>(Convert.ToBase64String(one))));
    }

    // Boxes lie in logs for as long as those are kept: this one is opened for ever. It was made by another library (pyca/cryptography).
    [Fact]
    public void A_box_of_the_first_day_is_still_opened()
    {
        var opened = KeyBox.Open(Convert.FromBase64String(KeptBox), Convert.FromBase64String(KeptSecret));
        Assert.Equal("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", Convert.ToBase64String(opened!));
    }

    [Fact]
    public void A_peer_gets_the_key_that_was_sealed_to_this_gateway_among_others()
    {
        var other = Sealing.Seal(_preshared, KeyPair.Make().Public)!.Value;
        var keys = new PresharedKeys([RowOf(other), RowOf(Seal())], Secret);
        Assert.Equal(Convert.ToBase64String(_preshared), keys.Of(Peer));
    }

    [Fact]
    public void A_peer_whose_key_was_sealed_to_another_machine_gets_one_that_nobody_has()
    {
        var other = Sealing.Seal(_preshared, KeyPair.Make().Public)!.Value;
        var keys = new PresharedKeys([RowOf(other)], Secret);
        var key = keys.Of(Peer);
        Assert.Equal(32, Convert.FromBase64String(key).Length);
        Assert.NotEqual(Convert.ToBase64String(_preshared), key);
        Assert.NotEqual(keys.Of(Peer), key);
    }

    [Fact]
    public void What_was_sealed_to_this_gateway_and_does_not_open_is_refused()
    {
        var box = Convert.FromBase64String(Seal().Box);
        box[70] ^= 1;
        var keys = new PresharedKeys([RowOf(new(_gateway.Public, Convert.ToBase64String(box)))], Secret);
        var refusal = Assert.Throws<ChatOps.Gateway.Refusal>(() => keys.Of(Peer));
        Assert.Equal(
            ("validating", "secrets", $"the preshared key of {Peer} was sealed to this gateway and does not open"),
            (refusal.Step, refusal.File, refusal.Message)
        );
    }

    private SealedKey Seal() => Sealing.Seal(_preshared, _gateway.Public)!.Value;

    private static SealedRow RowOf(SealedKey key) => new(Peer, key.Gateway.ToString(), key.Box);

    private const string KeptSecret = "eN6iwYTxE4cJk0NF5wOfjQlHh1T3i3tH6Ev3ZK7cN2I=";
    private const string KeptBox =
        "LxVINdKxVNzMbrhRlzdCPUO5oZ9z+UisJ4CyeGVN+GMhZK4+dycZ8VNDhg7KxybZ07SvvMd3Fsz6qJOQ8/ugiuRIpHnaqmKJszIRnYLQ8e0=";
}
