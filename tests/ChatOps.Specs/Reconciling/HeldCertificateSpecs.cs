using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Specs.Reconciling;

/// <summary>Which certificates lie on a gateway is in the log, so that a plan can speak of them.</summary>
public sealed class HeldCertificateSpecs : ReconcileSpec
{
    [Fact]
    public async Task What_lies_on_it_is_written_down_when_it_changes_or_comes_to_its_end()
    {
        var start = _clock.GetUtcNow();
        HeldCertificate Held(string name, int days) =>
            new(Text.Parse<Name<Certificate>>(name), ["a.example.com", "*.b.example.com"], start.AddDays(-60), start.AddDays(days));
        await LookAsync(2);
        Assert.Null((await StateAsync()).Certificates);
        _gateway.Held = [];
        await LookAsync(2);
        Assert.Empty((await StateAsync()).Certificates!.Held);
        _gateway.Held = [Held("example", 60), Held("other", 90)];
        await LookAsync(2);
        Assert.Equal([CertificateAge.Holds, CertificateAge.Holds], (await StateAsync()).Certificates!.Held.Select(c => c.Age));
        var version = (await StateAsync()).Version;
        await LookAsync(3);
        Assert.Equal(version, (await StateAsync()).Version);
        _clock.Advance(TimeSpan.FromDays(32));
        await LookAsync(1);
        Assert.Equal([CertificateAge.Ends, CertificateAge.Holds], (await StateAsync()).Certificates!.Held.Select(c => c.Age));
        Assert.Empty(await AlertsAsync());
    }
}
