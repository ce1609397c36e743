using System.Net;
using ChatOps.Gateway.Checking;
using CsCheck;

namespace ChatOps.GatewaySpecs.Checking;

/// <summary>An address has one written form, and it is that of .NET, which the controller writes.</summary>
public sealed class IpSpecs
{
    // Few different groups, so that there are runs of zeros of all lengths, and those that are written with an IPv4 address at the end.
    private static readonly ushort[] Groups = [0, 0, 0, 0, 1, 0xffff, 0x5efe, 0x64, 0xff9b, 0xa01, 0x2002];
    private static readonly char[] Characters = [.. "0123456789abcdefF:.::%[]/ x"];

    private static readonly Gen<IPAddress> Address6 = Gen.Int[0, Groups.Length - 1]
        .Array[8]
        .Select(g => new IPAddress([.. g.SelectMany(i => new[] { (byte)(Groups[i] >> 8), (byte)Groups[i] })]));

    private static readonly Gen<IPAddress> Address4 = Gen.UInt.Select(n => new IPAddress(n));

    [Fact]
    public void What_dotnet_writes_is_read_as_the_same_address() =>
        Gen.OneOf(Address6, Address4)
            .Sample(
                address =>
                {
                    Assert.True(Ip.TryRead($"{address}", out var ip), $"{address}");
                    Assert.Equal(address, ip.ToAddress());
                    Assert.Equal($"{address}", $"{ip}");
                    Assert.Equal(Ip.Of(address), ip);
                },
                iter: 20_000
            );

    [Fact]
    public void Any_other_text_is_none() =>
        Gen.Select(Gen.OneOf(Address6, Address4), Gen.Int[0, 45], Gen.Int[0, 3], Gen.Int[0, Characters.Length - 1])
            .Sample(
                (address, at, gone, character) =>
                {
                    var text = $"{address}";
                    var start = Math.Min(at, text.Length);
                    var changed = text[..start] + Characters[character] + text[Math.Min(start + gone, text.Length)..];
                    var isOne =
                        IPAddress.TryParse(changed, out var read)
                        && $"{read}" == changed
                        && !changed.Contains('%', StringComparison.Ordinal);
                    Assert.Equal(isOne, Ip.TryRead(changed, out var ip));
                    if (isOne)
                        Assert.Equal(Ip.Of(read!), ip);
                },
                iter: 50_000
            );

    [Theory]
    [InlineData("")]
    [InlineData("10.1.0.02")]
    [InlineData("10.1.0")]
    [InlineData("10.1.0.2.")]
    [InlineData("0x0a.1.0.2")]
    [InlineData("167837698")]
    [InlineData("10.1.0.256")]
    [InlineData("400:0:0:0:100:0:0:1")]
    [InlineData("400::100::1")]
    [InlineData("0400::1")]
    [InlineData("400::A")]
    [InlineData("1:2:3:4:5:6:7::")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("::1%lo")]
    [InlineData("64:a01::5efe:255.255.255.1%5")]
    [InlineData("::ffff:10.1.0.2%5")]
    [InlineData("[::1]")]
    [InlineData("::ffff:a01:2")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1:")]
    public void These_are_not(string text) => Assert.False(Ip.TryRead(text, out _));

    [Theory]
    [InlineData("10.1.0.2", "10.0.0.0", 8, true)]
    [InlineData("10.1.0.2", "11.0.0.0", 8, false)]
    [InlineData("10.1.0.2", "0.0.0.0", 0, true)]
    [InlineData("400::2", "400::", 7, true)]
    [InlineData("600::2", "400::", 7, false)]
    [InlineData("400::2", "::", 0, true)]
    [InlineData("400::2", "0.0.0.0", 0, false)]
    [InlineData("400::2", "400::2", 128, true)]
    public void A_network_holds_what_begins_like_it(string address, string prefix, int bits, bool isIn) =>
        Assert.Equal(isIn, Ip.Parse(address).IsIn(Ip.Parse(prefix), bits));
}
