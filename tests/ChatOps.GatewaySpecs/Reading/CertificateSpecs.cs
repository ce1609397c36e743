using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChatOps.Gateway.Reading;

namespace ChatOps.GatewaySpecs.Reading;

/// <summary>What certificates say of themselves.</summary>
public sealed class CertificateSpecs
{
    private static readonly DateTimeOffset Begins = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(2026)]
    [InlineData(2051)]
    public void From_when_until_when_and_for_whom(int year)
    {
        var ends = new DateTimeOffset(year, 12, 1, 10, 30, 0, TimeSpan.Zero);
        var read = Certificate.Read($"leaf first\n{Made(ends, "app.example.com", "*.example.org")}\n{Made(ends, "issuer.example")}")!;
        Assert.Equal((Begins, ends), (read.Begins, read.Ends));
        Assert.True(read.Covers("app.example.com"));
        Assert.True(read.Covers("APP.example.com"));
        Assert.True(read.Covers("a.example.org"));
        Assert.True(read.Covers("*.example.org"));
        Assert.False(read.Covers("a.b.example.org"));
        Assert.False(read.Covers("example.org"));
        Assert.False(read.Covers("issuer.example"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMAMCAQU=\n-----END CERTIFICATE-----")]
    [InlineData("-----BEGIN CERTIFICATE-----\n####\n-----END CERTIFICATE-----")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMAMCAQU=\n-----END PRIVATE KEY-----")]
    public void What_is_none_is_nothing(string pem) => Assert.Null(Certificate.Read(pem));

    private static string Made(DateTimeOffset ends, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=somebody", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            alternatives.AddDnsName(name);
        request.CertificateExtensions.Add(alternatives.Build(critical: true));
        using var made = request.CreateSelfSigned(Begins, ends);
        return made.ExportCertificatePem();
    }
}
