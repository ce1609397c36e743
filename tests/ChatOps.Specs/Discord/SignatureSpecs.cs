using System.Text;
using ChatOps.Discord;
using Microsoft.Extensions.Time.Testing;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace ChatOps.Specs.Discord;

public sealed class SignatureSpecs
{
    private const string Body = """{"type":1,"id":"1"}""";

    private readonly byte[] _secret = [.. Enumerable.Range(7, 32).Select(i => (byte)i)];
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(1_790_000_000));

    [Theory]
    [InlineData(
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )]
    [InlineData(
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )]
    [InlineData(
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    )]
    [InlineData(
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
    )]
    public void The_vectors_of_RFC_8032_verify_and_nothing_near_them(string key, string message, string signature)
    {
        var (signed, bytes) = (Convert.FromHexString(signature), Convert.FromHexString(message));
        var owner = ApplicationKey.Parse(key)!;
        Assert.True(owner.Verifies(signed, bytes));
        Assert.False(owner.Verifies(signed, [.. bytes, 0]));
        for (var bit = 0; bit < signed.Length * 8; bit++)
            Assert.False(owner.Verifies(Flipped(signed, bit), bytes));
    }

    [Fact]
    public void A_signed_request_holds()
    {
        var time = Now();
        Assert.True(Signature().Holds(Sign(time, Body), time, Bytes(Body)));
    }

    [Fact]
    public void No_bit_of_a_request_can_be_changed()
    {
        var (time, body) = (Now(), Bytes(Body));
        var signature = Sign(time, Body);
        for (var bit = 0; bit < body.Length * 8; bit++)
            Assert.False(Signature().Holds(signature, time, Flipped(body, bit)));
        for (var at = 0; at < time.Length; at++)
            Assert.False(
                Signature().Holds(signature, $"{time[..at]}{(time[at] == '9' ? '8' : (char)(time[at] + 1))}{time[(at + 1)..]}", body)
            );
        Assert.False(Signature().Holds(signature, time, [.. body, (byte)' ']));
        Assert.False(Signature().Holds(signature, time, []));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("not hex at all")]
    public void What_is_no_signature_does_not_hold(string? signature) => Assert.False(Signature().Holds(signature, Now(), Bytes(Body)));

    [Fact]
    public void A_signature_with_something_after_it_does_not_hold() =>
        Assert.False(Signature().Holds(Sign(Now(), Body) + "00", Now(), Bytes(Body)));

    [Theory]
    [InlineData("")]
    [InlineData(" 1790000000")]
    [InlineData("-1790000000")]
    [InlineData("1790000000.5")]
    [InlineData("1790000000000000000")]
    [InlineData("soon")]
    public void What_is_no_time_does_not_hold_even_when_signed(string time) =>
        Assert.False(Signature().Holds(Sign(time, Body), time, Bytes(Body)));

    [Theory]
    [InlineData(0, true)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    [InlineData(-300, true)]
    [InlineData(-301, false)]
    public void A_signature_is_good_for_five_minutes(int seconds, bool holds)
    {
        var time = Now();
        var later = new FakeTimeProvider(_clock.GetUtcNow().AddSeconds(seconds));
        Assert.Equal(
            holds,
            new InteractionSignature(Key(), InteractionSignature.UsualAge, later).Holds(Sign(time, Body), time, Bytes(Body))
        );
    }

    [Fact]
    public void The_signature_of_another_application_does_not_hold()
    {
        var other = ApplicationKey.Parse("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")!;
        Assert.False(new InteractionSignature(other, InteractionSignature.UsualAge, _clock).Holds(Sign(Now(), Body), Now(), Bytes(Body)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f70751")]
    [InlineData("z75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_key_is_none(string? text) => Assert.Null(ApplicationKey.Parse(text));

    private InteractionSignature Signature() => new(Key(), InteractionSignature.UsualAge, _clock);

    private ApplicationKey Key()
    {
        var key = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(_secret, 0, key, 0);
        return ApplicationKey.Parse(Convert.ToHexString(key))!;
    }

    private string Sign(string time, string body)
    {
        var (message, signature) = (Bytes(time + body), new byte[Ed25519.SignatureSize]);
        Ed25519.Sign(_secret, 0, message, 0, message.Length, signature, 0);
        return Convert.ToHexStringLower(signature);
    }

    private string Now() => _clock.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        byte[] flipped = [.. bytes];
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }
}
