using ChatOps.Bot.Configuration;
using ChatOps.Discord;
using Role = ChatOps.Core.Domain.Authority.Role;

namespace ChatOps.Specs.Discord;

/// <summary>What an administrator writes, and what it is refused for.</summary>
public sealed class DiscordSettingsSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_token_there_is_no_discord() => Assert.Null(Read("""{ "guild": "1", "channels": ["2"] }""", token: null));

    [Fact]
    public void The_token_comes_from_the_environment_or_from_a_file_that_it_names()
    {
        Assert.Equal("abc", Read("""{ "guild": "1", "channels": ["2"] }""", token: " abc\n")!.Api.Token.Reveal());
        File.WriteAllText(_folder.In("token"), "of-the-file\n");
        var section = Section("""{ "guild": "1", "channels": ["2"] }""");
        Assert.Equal(
            "of-the-file",
            DiscordSection.Settings(section, n => n == "Discord:TokenFile" ? _folder.In("token") : null)!.Api.Token.Reveal()
        );
    }

    [Fact]
    public void All_of_it_is_read()
    {
        var settings = Read(
            """{ "guild": "1", "channels": ["2", "3"], "notices": "4", "roles": { "5": "operator", "1": "viewer" }, "apiBase": "http://127.0.0.1:1/api/", "gateway": false }"""
        )!;
        Assert.Equal(new Snowflake(2), settings.Home);
        Assert.Equal(new Snowflake(4), settings.Notices);
        Assert.False(settings.UsesGateway);
        Assert.Equal(
            [Role.Viewer, Role.Operator],
            settings.SpeakerOf(new Person(new(9), "olga", false, [new(5), new(6)])).Roles.AsEnumerable()
        );
        Assert.Equal([Role.Viewer], settings.SpeakerOf(new Person(new(9), "olga", false, [])).Roles.AsEnumerable());
    }

    [Fact]
    public void A_name_is_shown_and_nothing_more()
    {
        var speaker = Read("""{ "guild": "1", "channels": ["2"] }""")!.SpeakerOf(new Person(new(9), "ad\u202emin\u001b[2J", false, []));
        Assert.Equal(("discord", "9", "ad min [2J"), (speaker.Actor.Platform, speaker.Actor.Id, speaker.Actor.Name));
    }

    [Theory]
    [InlineData("""{ "channels": ["2"] }""", "discord.guild: expected the id of it, which is digits, found nothing")]
    [InlineData(
        """{ "guild": "edge team", "channels": ["2"] }""",
        "discord.guild: expected the id of it, which is digits, found \"edge team\""
    )]
    [InlineData("""{ "guild": "1" }""", "discord.channels: expected the ids of the channels where commands are taken, found nothing")]
    [InlineData("""{ "guild": "1", "channels": ["x"] }""", "discord.channels[0]: expected the id of it, which is digits, found \"x\"")]
    [InlineData(
        """{ "guild": "1", "channels": ["2"], "publicKey": "00" }""",
        "discord.publicKey: expected the application's public key, 64 hexadecimal digits, found \"00\""
    )]
    [InlineData(
        """{ "guild": "1", "channels": ["2"], "listen": "http://127.0.0.1:0/" }""",
        "discord.publicKey: expected the application's public key, 64 hexadecimal digits, found nothing"
    )]
    [InlineData(
        """{ "guild": "1", "channels": ["2"], "apiBase": "http://discord.example.com/api/" }""",
        "Discord:ApiBase: http://discord.example.com/api/ would send the bot's token in clear text: expected https://"
    )]
    public void What_is_wrong_is_named_with_what_was_expected(string section, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<ConfigurationException>(() => Read(section)).Message);

    private DiscordSection Section(string json)
    {
        File.WriteAllText(_folder.In("policy.json"), $$"""{ "users": [], "discord": {{json}} }""");
        return PolicyFile.Load(_folder.In("policy.json")).Discord!;
    }

    private DiscordSettings? Read(string json, string? token = "abc") =>
        DiscordSection.Settings(Section(json), n => n == "Discord:Token" ? token : null);
}
