using ChatOps.Bot.Configuration;
using ChatOps.CloudBot;
using Microsoft.Extensions.Configuration;

namespace ChatOps.Specs.Configuration;

/// <summary>The page behind an identity provider is there only where there is one.</summary>
public sealed class BotSettingsSpecs
{
    private static readonly Dictionary<string, string?> Service = new()
    {
        ["CHATOPS:Storage"] = "UseDevelopmentStorage=true",
        ["CHATOPS:Data"] = "data",
        ["CHATOPS:Serve"] = "true",
        ["CHATOPS:Alive"] = "http://0.0.0.0:8080",
        ["CHATOPS:Web:Origin"] = "https://chatops-bot.azurewebsites.net",
        ["WEBSITE_AUTH_ENABLED"] = "True",
    };

    [Fact]
    public void Behind_app_services_authentication_the_page_has_an_origin() =>
        Assert.Equal(new Uri("https://chatops-bot.azurewebsites.net"), Read().Origin);

    [Fact]
    public void On_an_address_of_its_own_the_page_needs_no_app_service()
    {
        var team = Read(("CHATOPS:Web:Listen", "http://127.0.0.1:5080"), ("WEBSITE_AUTH_ENABLED", null), ("CHATOPS:Alive", null)).Team!;
        Assert.Equal((new Uri("http://127.0.0.1:5080"), new Uri("https://chatops-bot.azurewebsites.net")), (team.Listen, team.Origin));
        var refused = Assert.Throws<ConfigurationException>(() =>
            Read(("CHATOPS:Web:Listen", "http://0.0.0.0:5080"), ("CHATOPS:Serve", "false"))
        );
        Assert.StartsWith(
            "CHATOPS__Web__Listen: http://0.0.0.0:5080 would take what people type and their sessions without TLS. Next: CHATOPS__Web__Certificate and CHATOPS__Web__CertificateKey",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "\nCHATOPS__Web__Listen: the page is served by a service only. Next: CHATOPS__Serve=true",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(
        "WEBSITE_AUTH_ENABLED",
        null,
        "CHATOPS__Web__Origin: who opens the page is what App Service's authentication says, and that is not on here."
    )]
    [InlineData(
        "WEBSITE_AUTH_ENABLED",
        "False",
        "CHATOPS__Web__Origin: who opens the page is what App Service's authentication says, and that is not on here."
    )]
    [InlineData("CHATOPS:Serve", "false", "CHATOPS__Web__Origin: the page is served by a service only.")]
    [InlineData("CHATOPS:Alive", null, "CHATOPS__Web__Origin: the page is served by a service only.")]
    [InlineData(
        "CHATOPS:Web:Origin",
        "http://chatops.example.com",
        "CHATOPS__Web__Origin: expected where browsers find the page, such as https://NAME.azurewebsites.net"
    )]
    [InlineData(
        "CHATOPS:Web:Origin",
        "https://chatops.example.com/page",
        "CHATOPS__Web__Origin: expected where browsers find the page, such as https://NAME.azurewebsites.net"
    )]
    public void What_is_missing_is_said(string name, string? value, string sentence) =>
        Assert.StartsWith(sentence, Assert.Throws<ConfigurationException>(() => Read((name, value))).Message, StringComparison.Ordinal);

    private static BotSettings Read(params (string Name, string? Value)[] other)
    {
        var values = new Dictionary<string, string?>(Service);
        foreach (var (name, value) in other)
            values[name] = value;
        return BotSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
    }
}
