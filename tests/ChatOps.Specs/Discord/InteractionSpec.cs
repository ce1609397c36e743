using System.Text;
using ChatOps.Bot.Discord;
using ChatOps.Discord;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ChatOps.Specs.Discord;

public sealed class InteractionsByGateway : InteractionSpec
{
    private protected override async Task ListenAsync(IInteractionHandler handler)
    {
        var heard = Listen();
        await heard.UntilAsync<DiscordEvent.Ready>();
        _ = Task.Run(async () =>
        {
            for (var count = 1; ; count++)
            {
                var interaction = (await heard.UntilAsync<DiscordEvent.Interacted>(count)).Interaction;
                await handler.HandleAsync(interaction, new CallbackAnswer(_rest, interaction), None);
            }
        });
    }
}

public sealed class InteractionsByHttps : InteractionSpec
{
    private WebApplication? _app;

    private protected override async Task ListenAsync(IInteractionHandler handler)
    {
        var signature = new InteractionSignature(ApplicationKey.Parse(_discord.PublicKey)!, InteractionSignature.UsualAge, _clock);
        var endpoint = new InteractionEndpoint(signature, handler, _rest, _clock, None);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        _app = builder.Build();
        _app.UseRouting();
        _app.MapPost("/interactions", endpoint.HandleAsync);
        await _app.StartAsync();
        _discord.Behaviour.InteractionsUrl = new(
            $"{_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}/interactions"
        );
    }

    [Fact]
    public async Task A_ping_is_answered()
    {
        await ListenAsync(new Handler((_, _) => throw new InvalidOperationException("not asked")));
        using var http = new HttpClient();
        Assert.Equal((200, """{"type":1}"""), await PostAsync(http, """{"type":1,"id":"1","token":"t","application_id":"2"}""", true));
    }

    [Theory]
    [InlineData("""{"type":1,"id":"1","token":"t"}""", false, 401)]
    [InlineData("not json", false, 401)]
    [InlineData("not json", true, 400)]
    [InlineData("[]", true, 400)]
    [InlineData("{}", true, 400)]
    public async Task What_is_not_signed_is_not_even_read(string body, bool isSigned, int status)
    {
        await ListenAsync(new Handler((_, _) => throw new InvalidOperationException("not asked")));
        using var http = new HttpClient();
        Assert.Equal((status, ""), await PostAsync(http, body, isSigned));
    }

    private async Task<(int Status, string Body)> PostAsync(HttpClient http, string body, bool isSigned)
    {
        var time = _clock.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, _discord.Behaviour.InteractionsUrl)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Signature-Timestamp", time);
        request.Headers.Add("X-Signature-Ed25519", _discord.Sign(isSigned ? time : "1", Encoding.UTF8.GetBytes(body)));
        using var response = await http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}

/// <summary>Interactions, whichever way they come in: the same sentences hold over the gateway and over HTTPS.</summary>
public abstract class InteractionSpec() : DiscordSpec(1)
{
    [Fact]
    public async Task A_command_is_answered_with_a_message()
    {
        await AnsweringAsync(
            (_, d) =>
                d is InteractionData.CommandSent c
                    ? Say($"{c.Name}: {string.Join(", ", c.Options.Select(o => $"{o.Name}={o.Value}"))}")
                    : null
        );
        var gesture = await _ada.SendAsync(_channel, "peer add", ("name", "ada-laptop"), ("days", 30), ("now", true));
        Assert.Equal("peer add: name=ada-laptop, days=30, now=true", (await gesture.MessageAsync()).Text);
    }

    [Fact]
    public async Task It_says_who_where_and_with_which_roles()
    {
        Interaction? seen = null;
        await AnsweringAsync((i, _) => (seen = i) is null ? null : Say("yes"));
        await (await _ada.SendAsync(_channel, "status")).MessageAsync();
        Assert.Equal((Id(_ada.Id), "Ada", false), (seen!.By.Id, seen.By.Name, seen.By.IsBot));
        Assert.Equal(_ada.Roles, seen.By.Roles.Select(r => r.ToString()));
        Assert.Equal((Id(_discord.Guild), Channel, Id(_discord.Application)), (seen.Guild, seen.Channel, seen.Application));
        Assert.DoesNotContain("interaction-token", seen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_can_be_for_one_person_alone()
    {
        await AnsweringAsync((_, _) => new InteractionResponse.Say(Text("you may not") with { IsEphemeral = true }));
        var message = await (await _ada.SendAsync(_channel, "approve")).MessageAsync();
        Assert.True(message.IsEphemeral);
        Assert.Single(_ada.Sees(_channel));
        Assert.Empty(_discord.AddPerson("Ben").Sees(_channel));
    }

    [Fact]
    public async Task An_answer_can_come_later_and_with_a_file()
    {
        await HandlingAsync(
            async (interaction, first) =>
            {
                await first.SendAsync(new InteractionResponse.SayLater(false), None);
                var message = Done(
                    await _rest.EditAnswerAsync(interaction, Text("done") with { Files = [new("diff.txt", "+ 1"u8.ToArray())] }, None)
                );
                Done(await _rest.EditAsync(message.Channel, message.Id, Text("done, as the bot") with { KeepsFiles = true }, None));
            }
        );
        await _ada.SendAsync(_channel, "plan");
        var seen = await _ada.SeesAsync(_channel, m => m.Content == "done, as the bot");
        Assert.Equal("+ 1", seen.File("diff.txt"));
    }

    [Fact]
    public async Task The_first_answer_can_have_a_file()
    {
        await AnsweringAsync((_, _) => new InteractionResponse.Say(Text("here") with { Files = [new("diff.txt", "+ 1"u8.ToArray())] }));
        Assert.Equal("+ 1", (await (await _ada.SendAsync(_channel, "diff")).MessageAsync()).File("diff.txt"));
    }

    [Fact]
    public async Task A_button_edits_the_message_that_it_is_on()
    {
        await AnsweringAsync(
            (_, d) =>
                d switch
                {
                    InteractionData.CommandSent => new InteractionResponse.Say(
                        Text("proposed") with
                        {
                            Rows = [new(new Button("approve:12", "Approve", ButtonStyle.Success))],
                        }
                    ),
                    InteractionData.ButtonPressed p => new InteractionResponse.Edit(Text($"{p.CustomId} on {p.On!.Id}")),
                    _ => null,
                }
        );
        var message = await (await _ada.SendAsync(_channel, "expose")).MessageAsync();
        var after = await (await _ada.PressAsync(message, "Approve")).MessageAsync();
        Assert.Equal((message.Id, $"approve:12 on {message.Id}"), (after.Id, after.Text));
    }

    [Fact]
    public async Task A_form_asks_and_its_values_come_back()
    {
        await AnsweringAsync(
            (_, d) =>
                d switch
                {
                    InteractionData.CommandSent => new InteractionResponse.Say(
                        Text("proposed") with
                        {
                            Rows = [new(new Button("deny:12", "Deny", ButtonStyle.Danger))],
                        }
                    ),
                    InteractionData.ButtonPressed => new InteractionResponse.Ask(
                        new Form(
                            "deny:12",
                            "Deny #12",
                            new FormField("reason", "Why")
                            {
                                MaxLength = 200,
                                IsParagraph = true,
                                Placeholder = "what is wrong with it",
                            }
                        )
                    ),
                    InteractionData.FormSubmitted f => new InteractionResponse.Edit(Text($"{f.CustomId}: {f.Values["reason"]}")),
                    _ => null,
                }
        );
        var message = await (await _ada.SendAsync(_channel, "expose")).MessageAsync();
        var form = await _ada.PressAsync(message, "Deny");
        var after = await (await _ada.SubmitAsync(form, ("reason", "not on a Friday"))).MessageAsync();
        Assert.Equal((message.Id, "deny:12: not on a Friday"), (after.Id, after.Text));
    }

    [Fact]
    public async Task What_is_being_typed_gets_suggestions()
    {
        await AnsweringAsync(
            (_, d) =>
                d is InteractionData.CommandTyped { Focused: var at }
                    ? new InteractionResponse.Suggest(new Choice($"{at!.Name} 2", $"{at.Value}2"))
                    : null
        );
        Assert.Equal(("vm 2", "vm2"), Assert.Single(await _ada.TypeAtAsync(_channel, "expose", ("port", 80), ("vm", "vm"))));
    }

    [Fact]
    public async Task A_follow_up_is_one_more_message()
    {
        await HandlingAsync(
            async (interaction, first) =>
            {
                await first.SendAsync(Say("public"), None);
                Done(await _rest.FollowUpAsync(interaction, Text("private") with { IsEphemeral = true }, None));
            }
        );
        await _ada.SendAsync(_channel, "peer add");
        Assert.True((await _ada.SeesAsync(_channel, m => m.Text == "private")).IsEphemeral);
        Assert.Equal(2, _ada.Sees(_channel).Length);
    }

    [Fact]
    public async Task When_the_token_has_ended_only_the_bot_itself_can_edit()
    {
        _discord.Behaviour.TokenLifetime = TimeSpan.FromSeconds(2);
        var late = new TaskCompletionSource<(RestError ByToken, Message Edited)>();
        await HandlingAsync(
            async (interaction, first) =>
            {
                await first.SendAsync(Say("proposed"), None);
                var message = Done(await _rest.AnsweredAsync(interaction, None));
                await Task.Delay(TimeSpan.FromSeconds(3), _clock);
                var byToken = No(await _rest.EditAnswerAsync(interaction with { ReceivedAt = _clock.GetUtcNow() }, Text("no"), None));
                late.SetResult((byToken, Done(await _rest.EditAsync(message.Channel, message.Id, Text("applied"), None))));
            }
        );
        await _ada.SendAsync(_channel, "expose");
        Assert.Equal(Refusing.TooLate, (await late.Task.PatientlyAsync()).ByToken.Kind);
        Assert.Equal("applied", Assert.Single(_ada.Sees(_channel)).Text);
    }

    [Fact]
    public async Task A_terse_server_is_understood()
    {
        _discord.Behaviour.IsTerse = true;
        await AnsweringAsync((i, d) => d is InteractionData.CommandSent c ? Say($"{c.Name} by {i.By.Id}") : null);
        Assert.Equal($"status by {_ada.Id}", (await (await _ada.SendAsync(_channel, "status")).MessageAsync()).Text);
    }

    private protected abstract Task ListenAsync(IInteractionHandler handler);

    private protected Task AnsweringAsync(Func<Interaction, InteractionData, InteractionResponse?> answer) =>
        HandlingAsync(
            (interaction, first) =>
                first.SendAsync(
                    answer(interaction, interaction.InteractionData)
                        ?? throw new InvalidOperationException($"no answer to {interaction.InteractionData}"),
                    None
                )
        );

    private protected Task HandlingAsync(Func<Interaction, IFirstAnswer, Task> handle) => ListenAsync(new Handler(handle));

    private protected static InteractionResponse Say(string text) => new InteractionResponse.Say(Text(text));

    private protected sealed class Handler(Func<Interaction, IFirstAnswer, Task> handle) : IInteractionHandler
    {
        public Task HandleAsync(Interaction interaction, IFirstAnswer first, CancellationToken cancel) => handle(interaction, first);
    }
}
