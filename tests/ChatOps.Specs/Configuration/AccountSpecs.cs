using ChatOps.Bot.Configuration;
using ChatOps.Discord;
using Role = ChatOps.Core.Domain.Authority.Role;

namespace ChatOps.Specs.Configuration;

/// <summary>One person is one, wherever they speak.</summary>
public sealed class AccountSpecs : IDisposable
{
    private const string Account = "6f1c3b1e-8c3b-4f0e-9d55-0d1c5f1f2a10";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nobody_approves_on_the_page_what_they_proposed_on_discord()
    {
        var file = Load($$"""{ "users": [{ "id": "olga", "roles": ["operator", "approver"], "discord": "9", "entra": "{{Account}}" }] }""");
        var onDiscord = SettingsOf(file).SpeakerOf(new Person(new(9), "Olga on Discord", false, []));
        var onThePage = file.Accounts.Entra[Guid.Parse(Account)];
        Given
            .AGateway()
            .When(onDiscord, "expose vm2:8080 on 80")
            .When(onThePage, "approve 1")
            .Refused("olga proposed #1; someone else must approve it.");
    }

    [Fact]
    public void Who_is_known_keeps_what_the_roles_on_discord_give_besides()
    {
        var file = Load("""{ "users": [{ "id": "olga", "roles": ["operator"], "discord": "9" }] }""");
        var olga = SettingsOf(file).SpeakerOf(new Person(new(9), "Olga", false, [new(5), new(6)]));
        Assert.Equal(("local", "olga", "olga"), (olga.Actor.Platform, olga.Actor.Id, olga.Actor.Name));
        Assert.Equal([Role.Operator, Role.Approver], olga.Roles.AsEnumerable());
        Assert.Equal("discord", SettingsOf(file).SpeakerOf(new Person(new(10), "Olga", false, [])).Actor.Platform);
    }

    [Theory]
    [InlineData(
        """{ "users": [{ "id": "a", "discord": "olga#1" }] }""",
        "users[0].discord: expected the id of an account on Discord, which is digits, found \"olga#1\""
    )]
    [InlineData(
        """{ "users": [{ "id": "a", "entra": "a@example.com" }] }""",
        "users[0].entra: expected the object id of an account, such as 6f1c3b1e-8c3b-4f0e-9d55-0d1c5f1f2a10, found \"a@example.com\""
    )]
    [InlineData(
        """{ "users": [{ "id": "a", "unix": "no such" }] }""",
        "users[0].unix: expected the name or the number of an account on this machine, found \"no such\""
    )]
    [InlineData(
        """{ "users": [{ "id": "a", "unix": 1000 }, { "id": "b", "unix": "1000" }] }""",
        "users[1].unix: 1000 is a's account already"
    )]
    [InlineData("""{ "users": [{ "id": "a", "oidc": "9" }, { "id": "b", "oidc": "9" }] }""", "users[1].oidc: 9 is a's account already")]
    [InlineData(
        """{ "users": [{ "id": "a", "oidc": "" }] }""",
        "users[0].oidc: expected the subject of an account at the provider, found nothing"
    )]
    [InlineData(
        """{ "users": [{ "id": "a", "token": "secret" }] }""",
        "users[0].token: expected the hash of a token, sha256: and 64 hexadecimal digits. Next: chatops token makes both"
    )]
    [InlineData(
        """{ "users": [{ "id": "a", "discord": "9" }, { "id": "b", "discord": "9" }] }""",
        "users[1].discord: 9 is a's account already"
    )]
    public void What_is_wrong_is_said_with_its_place(string json, string sentence) =>
        Assert.EndsWith(sentence, Assert.Throws<ConfigurationException>(() => Load(json)).Message, StringComparison.Ordinal);

    private PolicyFile Load(string json)
    {
        File.WriteAllText(_folder.In("policy.json"), json);
        return PolicyFile.Load(_folder.In("policy.json"));
    }

    private DiscordSettings SettingsOf(PolicyFile file)
    {
        File.WriteAllText(
            _folder.In("discord.json"),
            """{ "discord": { "guild": "1", "channels": ["2"], "roles": { "5": "approver", "6": "operator" } } }"""
        );
        var section = PolicyFile.Load(_folder.In("discord.json")).Discord;
        return DiscordSection.Settings(section, n => n == "Discord:Token" ? "abc" : null)! with { People = file.Accounts.Discord };
    }
}
