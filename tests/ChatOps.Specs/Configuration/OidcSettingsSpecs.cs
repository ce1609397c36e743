using ChatOps.Bot.Configuration;
using Role = ChatOps.Core.Domain.Authority.Role;

namespace ChatOps.Specs.Configuration;

/// <summary>Who comes from an OpenID Connect provider is who the policy file says, or has the roles that it gives to groups.</summary>
public sealed class OidcSettingsSpecs : IDisposable
{
    private const string Whole = """
        {
          "users": [{ "id": "olga", "roles": ["operator"], "oidc": "4711" }],
          "oidc": { "issuer": "https://login.example.com", "clientId": "chatops", "scopes": ["groups"], "groupClaim": "groups", "groups": { "net-ops": "operator", "leads": "approver" } }
        }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_person_of_the_file_keeps_what_groups_give_besides()
    {
        var olga = Read(Whole).SpeakerOf("4711", "Olga there", ["leads", "everyone"])!;
        Assert.Equal(("local", "olga", "olga"), (olga.Actor.Platform, olga.Actor.Id, olga.Actor.Name));
        Assert.Equal([Role.Operator, Role.Approver], olga.Roles.AsEnumerable());
    }

    [Fact]
    public void Anybody_else_has_the_roles_of_groups_or_does_not_enter()
    {
        var settings = Read(Whole);
        var ada = settings.SpeakerOf("4712", "Ada\u202e", ["leads", "leads"])!;
        Assert.Equal(("oidc", "4712", "Ada"), (ada.Actor.Platform, ada.Actor.Id, ada.Actor.Name));
        Assert.Equal([Role.Approver], ada.Roles.AsEnumerable());
        Assert.Equal("4712", settings.SpeakerOf("4712", null, ["leads"])!.Actor.Name);
        Assert.Null(settings.SpeakerOf("4712", "Ada", []));
        Assert.Null(settings.SpeakerOf("4712", "Ada", ["Leads", "everyone"]));
        Assert.Null(settings.SpeakerOf("47\n12", "Ada", ["leads"]));
    }

    [Fact]
    public void Nobody_approves_as_one_what_they_proposed_as_the_other()
    {
        var olga = Read(Whole).SpeakerOf("4711", null, ["leads"])!;
        Given
            .AGateway()
            .When(olga, "expose vm2:8080 on 80")
            .When(olga, "approve 1")
            .Refused("olga proposed #1; someone else must approve it.");
    }

    [Fact]
    public void The_secret_comes_from_the_environment_or_a_file_and_is_printed_nowhere()
    {
        Assert.Null(Read(Whole).ClientSecret);
        File.WriteAllText(_folder.In("secret"), "from a file\n");
        var settings = Read(Whole, ("Oidc:ClientSecretFile", _folder.In("secret")));
        Assert.Equal("from a file", settings.ClientSecret!.Reveal());
        Assert.DoesNotContain("from a file", $"{settings}", StringComparison.Ordinal);
        Assert.Equal(
            "given",
            Read(Whole, ("Oidc:ClientSecret", "given"), ("Oidc:ClientSecretFile", _folder.In("secret"))).ClientSecret!.Reveal()
        );
        Assert.StartsWith(
            "Oidc__ClientSecretFile: ",
            Refusal(Whole, ("Oidc:ClientSecretFile", _folder.In("missing"))),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(
        """{ "clientId": "chatops" }""",
        "oidc.issuer: expected the provider's address, such as https://login.example.com, found nothing"
    )]
    [InlineData(
        """{ "issuer": "http://login.example.com", "clientId": "chatops" }""",
        "oidc.issuer: expected the provider's address, such as https://login.example.com, found \"http://login.example.com\""
    )]
    [InlineData(
        """{ "issuer": "https://login.example.com" }""",
        "oidc.clientId: expected the id that the provider has given, found nothing"
    )]
    [InlineData(
        """{ "issuer": "https://login.example.com", "clientId": "chatops", "groups": { "a": "viewer" } }""",
        "oidc.groupClaim: expected the claim with somebody's groups, such as groups, because there are groups, found nothing"
    )]
    public void What_is_wrong_is_said_with_its_place(string section, string sentence) =>
        Assert.Equal(sentence, Refusal($$"""{ "oidc": {{section}} }"""));

    private string Refusal(string json, params (string Name, string Value)[] settings) =>
        Assert.Throws<ConfigurationException>(() => Read(json, settings)).Message;

    private OidcSettings Read(string json, params (string Name, string Value)[] settings)
    {
        File.WriteAllText(_folder.In("policy.json"), json);
        var policy = PolicyFile.Load(_folder.In("policy.json"));
        return policy.Oidc!.Settings(policy.Accounts.Oidc, name => settings.FirstOrDefault(s => s.Name == name).Value);
    }
}
