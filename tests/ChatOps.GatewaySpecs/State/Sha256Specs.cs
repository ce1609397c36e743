using ChatOps.Gateway.State;

namespace ChatOps.GatewaySpecs.State;

/// <summary>Our SHA-256 is SHA-256, at every length around a block's end and of any content.</summary>
public sealed class Sha256Specs
{
    [Fact]
    public void It_is_what_the_standard_says() =>
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Sha256.Of("abc"u8));

    [Fact]
    public void It_is_what_others_compute()
    {
        var random = new Random(1);
        for (var length = 0; length < 400; length++)
        {
            var data = new byte[length];
            random.NextBytes(data);
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(data)), Sha256.Of(data));
        }
    }
}
