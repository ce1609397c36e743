using ChatOps.Discord;
using ChatOps.StandIns.Discord;

namespace ChatOps.Specs.Discord;

public sealed class CallbackSpecs() : DiscordSpec(1)
{
    private static readonly InteractionResponse Yes = new InteractionResponse.Say(Text("yes"));

    [Theory]
    [InlineData(Fault.ServerError)]
    [InlineData(Fault.LostRequest)]
    [InlineData(Fault.LostAnswer)]
    public async Task A_first_answer_that_fails_is_tried_again_and_given_once(Fault fault)
    {
        var interaction = await BeginAsync();
        _discord.Faults.Next(fault, "/callback");
        Done(await _rest.AnswerAsync(interaction, Yes, None));
        Assert.Equal("yes", Assert.Single(_ada.Sees(_channel)).Text);
    }

    [Fact]
    public async Task A_first_answer_says_which_message_it_made()
    {
        var message = Done(await _rest.AnswerAsync(await BeginAsync(), Yes, None));
        Assert.Equal((Channel, Id(Assert.Single(_ada.Sees(_channel)).Id)), (message!.Channel, message.Id));
    }

    [Fact]
    public async Task A_second_first_answer_is_refused()
    {
        var interaction = await BeginAsync();
        Done(await _rest.AnswerAsync(interaction, Yes, None));
        Assert.Equal(
            (Refusing.TooLate, 40060),
            (No(await _rest.AnswerAsync(interaction, Yes, None)) is var no) ? (no.Kind, no.Code) : default
        );
    }

    [Fact]
    public async Task After_three_seconds_nothing_is_sent()
    {
        var interaction = await BeginAsync();
        var before = _discord.Requests.Count;
        var late = interaction with { ReceivedAt = _clock.GetUtcNow() - TimeSpan.FromSeconds(4) };
        Assert.Equal(Refusing.TooLate, No(await _rest.AnswerAsync(late, Yes, None)).Kind);
        Assert.Equal(before, _discord.Requests.Count);
    }

    [Fact]
    public async Task Tries_end_with_the_three_seconds()
    {
        var interaction = await BeginAsync();
        _discord.Faults.Next(Fault.ServerError, "/callback", 1000);
        Assert.Contains(No(await _rest.AnswerAsync(interaction, Yes, None)).Kind, (Refusing[])[Refusing.TooLate, Refusing.Unavailable]);
        Assert.Empty(_ada.Sees(_channel));
    }

    [Fact]
    public async Task An_unknown_interaction_is_too_late_and_its_token_is_not_told()
    {
        var interaction = await BeginAsync() with { Token = new Secret("made/up?token") };
        var no = No(await _rest.AnswerAsync(interaction, Yes, None));
        Assert.Equal((Refusing.TooLate, 10062), (no.Kind, no.Code));
        Assert.DoesNotContain("made", no.ToString(), StringComparison.Ordinal);
    }

    private async Task<Interaction> BeginAsync()
    {
        var heard = Listen();
        await heard.UntilAsync<DiscordEvent.Ready>();
        await _ada.SendAsync(_channel, "status");
        return (await heard.UntilAsync<DiscordEvent.Interacted>()).Interaction;
    }
}
