using System.Collections.Immutable;
using ChatOps.Discord;

namespace ChatOps.Specs.Discord;

public sealed class RegistrationSpecs : DiscordSpec
{
    private static readonly ImmutableArray<CommandDefinition> Two =
    [
        new("status", "how gateways are"),
        new(
            "expose",
            "opens a public port",
            new CommandOption(OptionKind.Text, "vm", "the machine") { IsRequired = true, HasAutocomplete = true },
            new CommandOption(OptionKind.Number, "port", "its port")
            {
                IsRequired = true,
                MinValue = 1,
                MaxValue = 65535,
            },
            new CommandOption(OptionKind.Text, "protocol", "tcp or udp") { Choices = [new("TCP", "tcp"), new("UDP", "udp")] },
            new CommandOption(OptionKind.Flag, "now", "at once")
        ),
    ];

    [Fact]
    public async Task Commands_are_registered_in_bulk_and_only_when_they_changed()
    {
        Assert.True(Done(await RegisterAsync(Two)));
        Assert.False(Done(await RegisterAsync(Two)));
        Assert.False(Done(await RegisterAsync([.. Two.Reverse()])));
        Assert.True(Done(await RegisterAsync([Two[0] with { Description = "how all gateways are" }, Two[1]])));
        Assert.Equal(2, _discord.Requests.Count(r => r.StartsWith("PUT", StringComparison.Ordinal)));
        Assert.Equal(["expose", "status"], _discord.Commands.Select(c => c!["name"]!.ToString()));
    }

    [Fact]
    public async Task A_subcommand_is_a_command_below_a_command()
    {
        var peer = new CommandDefinition(
            "peer",
            "peers",
            new CommandOption(OptionKind.Subcommand, "add", "adds one")
            {
                Options = [new(OptionKind.Text, "name", "its name") { IsRequired = true, MaxLength = 30 }],
            }
        );
        Assert.True(Done(await RegisterAsync([peer])));
        Assert.False(Done(await RegisterAsync([peer])));
    }

    [Fact]
    public async Task What_Discord_would_refuse_is_refused_with_the_field()
    {
        var no = No(await RegisterAsync([Two[0], Two[1] with { Name = "Expose!" }]));
        Assert.Equal((Refusing.Invalid, 50035), (no.Kind, no.Code));
        Assert.Contains("APPLICATION_COMMAND_INVALID_NAME", no.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_server_that_the_bot_is_not_in_nothing_is_registered() =>
        Assert.Equal(Refusing.Forbidden, No(await _rest.RegisterAsync(Id(_discord.Application), new(4), Two, None)).Kind);

    private Task<RestResult<bool>> RegisterAsync(ImmutableArray<CommandDefinition> commands) =>
        _rest.RegisterAsync(Id(_discord.Application), Id(_discord.Guild), commands, None);
}
