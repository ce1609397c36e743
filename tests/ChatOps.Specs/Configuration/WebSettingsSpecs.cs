using ChatOps.Bot.Hosting;

namespace ChatOps.Specs.Configuration;

/// <summary>A page for a team is never reached without TLS, unless somebody says that only a proxy reaches it.</summary>
public sealed class WebSettingsSpecs
{
    private const string Public = "CHATOPS:Web:Origin=https://chat.example.com";
    private const string Pem = "CHATOPS:Web:Certificate=/etc/chatops/page.pem";

    [Fact]
    public void Without_an_address_it_is_on_this_machine_alone() => Assert.Null(Read().Page);

    [Theory]
    [InlineData("CHATOPS:Web:Listen=https://0.0.0.0:443", Public, Pem, "CHATOPS:Web:CertificateKey=/etc/chatops/page.key")]
    [InlineData("CHATOPS:Web:Listen=https://[2001:db8::1]:443", Public, Pem)]
    [InlineData("CHATOPS:Web:Listen=http://127.0.0.1:5080", Public)]
    [InlineData("CHATOPS:Web:Listen=http://10.0.0.5:5080", Public, "CHATOPS:Web:BehindProxy=True")]
    [InlineData("CHATOPS:Web:Listen=http://127.0.0.1:5080", "CHATOPS:Web:Origin=http://127.0.0.1:5080")]
    public void With_tls_of_its_own_or_behind_a_proxy_it_listens(params string[] settings) => Assert.NotNull(Read(settings).Page);

    [Theory]
    [InlineData(
        "CHATOPS:Web:Listen: http://0.0.0.0:5080 would take what people type and their sessions without TLS.",
        "CHATOPS:Web:Listen=http://0.0.0.0:5080",
        Public
    )]
    [InlineData(
        "CHATOPS:Web:Listen: http://10.0.0.5:5080 would take what people type and their sessions without TLS.",
        "CHATOPS:Web:Listen=http://10.0.0.5:5080",
        Public,
        "CHATOPS:Web:BehindProxy=false"
    )]
    [InlineData(
        "CHATOPS:Web:BehindProxy: expected true or false, found \"yes\"",
        "CHATOPS:Web:Listen=http://10.0.0.5:5080",
        Public,
        "CHATOPS:Web:BehindProxy=yes"
    )]
    [InlineData(
        "CHATOPS:Web:Listen: expected https://ADDRESS:PORT with CHATOPS:Web:Certificate",
        "CHATOPS:Web:Listen=https://0.0.0.0:443",
        Public
    )]
    [InlineData(
        "CHATOPS:Web:Listen: expected https://ADDRESS:PORT with CHATOPS:Web:Certificate",
        "CHATOPS:Web:Listen=http://0.0.0.0:80",
        Public,
        Pem
    )]
    [InlineData(
        "CHATOPS:Web:Listen: expected https://ADDRESS:PORT with CHATOPS:Web:Certificate",
        "CHATOPS:Web:Listen=https://chat.example.com:443",
        Public,
        Pem
    )]
    [InlineData(
        "CHATOPS:Web:CertificateKey: it goes with CHATOPS:Web:Certificate",
        "CHATOPS:Web:Listen=http://127.0.0.1:5080",
        Public,
        "CHATOPS:Web:CertificateKey=/etc/chatops/page.key"
    )]
    [InlineData(
        "CHATOPS:Web:Origin: expected where browsers find the page, such as https://chat.example.com, found nothing",
        "CHATOPS:Web:Listen=http://127.0.0.1:5080"
    )]
    [InlineData(
        "CHATOPS:Web:Origin: expected where browsers find the page, such as https://chat.example.com, found \"http://chat.example.com\"",
        "CHATOPS:Web:Listen=http://127.0.0.1:5080",
        "CHATOPS:Web:Origin=http://chat.example.com"
    )]
    [InlineData(
        "CHATOPS:Web:Origin: expected where browsers find the page, such as https://chat.example.com, found \"https://chat.example.com/chat\"",
        "CHATOPS:Web:Listen=http://127.0.0.1:5080",
        "CHATOPS:Web:Origin=https://chat.example.com/chat"
    )]
    [InlineData(
        "CHATOPS:Web:Origin: expected where browsers find the page, such as https://chat.example.com, found \"http://127.0.0.1\"",
        "CHATOPS:Web:Listen=https://0.0.0.0:443",
        "CHATOPS:Web:Origin=http://127.0.0.1",
        Pem
    )]
    [InlineData("CHATOPS:Web:Certificate: it goes with CHATOPS:Web:Listen, such as https://0.0.0.0:443", Pem)]
    public void What_is_missing_or_wrong_is_said(string sentence, params string[] settings)
    {
        var (page, problems) = Read(settings);
        Assert.Null(page);
        Assert.StartsWith(sentence, Assert.Single(problems), StringComparison.Ordinal);
    }

    private static (WebListening? Page, List<string> Problems) Read(params string[] settings)
    {
        var (values, problems) = (settings.Select(s => s.Split('=', 2)).ToDictionary(s => s[0], s => s[1]), new List<string>());
        return (WebSettings.Read(name => values.GetValueOrDefault(name), problems), problems);
    }
}
