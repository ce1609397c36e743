using System.Text;
using ChatOps.Discord;
using ChatOps.StandIns.Discord;

namespace ChatOps.Specs.Discord;

public sealed class RestSpecs : DiscordSpec
{
    [Fact]
    public async Task A_message_is_posted_and_edited_as_a_whole()
    {
        var message = Done(await _rest.PostAsync(Channel, Full("proposed"), None));
        var seen = Assert.Single(_ada.Sees(_channel));
        Assert.Equal("proposed\ntitle\ndescription\nname: value\nfooter\n[diff.txt]", seen.Text);
        Assert.Equal("+ accept", seen.File("diff.txt"));
        Assert.Equal("Approve", Assert.Single(seen.Buttons));

        Done(await _rest.EditAsync(Channel, message.Id, Text("applied"), None));
        seen = Assert.Single(_ada.Sees(_channel));
        Assert.Equal("applied", seen.Text);
        Assert.Empty(seen.Buttons);
    }

    [Fact]
    public async Task An_edit_can_keep_the_files()
    {
        var message = Done(await _rest.PostAsync(Channel, Full("proposed"), None));
        Done(await _rest.EditAsync(Channel, message.Id, new() { Content = "approved", KeepsFiles = true }, None));
        Assert.Equal("+ accept", Assert.Single(_ada.Sees(_channel)).File("diff.txt"));
    }

    [Fact]
    public async Task Nobody_is_pinged_whatever_a_message_says()
    {
        var role = _discord.AddRole("everyone of us");
        var typed = _ada.Type(_channel, "@ChatOps status");
        var text = $"@everyone @here <@{_ada.Id}> <@&{role}>";
        var message = Done(
            await _rest.PostAsync(Channel, Text(text) with { ReplyTo = Id(typed.Id), Embeds = [new() { Description = text }] }, None)
        );
        Done(await _rest.EditAsync(Channel, message.Id, Text(text), None));
        Assert.Empty(_discord.Pinged);
    }

    [Fact]
    public async Task A_lost_answer_makes_no_second_message()
    {
        _discord.Faults.Next(Fault.LostAnswer, "POST", 2);
        Done(await _rest.PostAsync(Channel, Text("once"), None));
        Assert.Single(_ada.Sees(_channel));
        Assert.Equal(2, _discord.Faults.Given);
    }

    [Fact]
    public async Task A_pause_of_an_hour_is_told_at_once()
    {
        var told = new TaskCompletionSource<(TimeSpan Pause, string Why)>();
        _rest.Waiting += (pause, why) => told.TrySetResult((pause, why));
        _discord.Faults.Next(Fault.HourLimit);
        using var stop = new CancellationTokenSource();
        var asking = _rest.MeAsync(stop.Token);
        Assert.Equal((TimeSpan.FromHours(1), "asking who the bot is: 429"), await told.Task.PatientlyAsync());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Theory]
    [InlineData(Fault.ServerError)]
    [InlineData(Fault.BadGateway)]
    [InlineData(Fault.LostRequest)]
    [InlineData(Fault.GlobalLimit)]
    [InlineData(Fault.SharedLimit)]
    [InlineData(Fault.EdgeLimit)]
    [InlineData(Fault.ForbiddenPage)]
    [InlineData(Fault.BadRequestPage)]
    [InlineData(Fault.LoginPage)]
    public async Task What_fails_for_now_is_tried_again(Fault fault)
    {
        _discord.Faults.Next(fault, times: 3);
        Done(await _rest.PostAsync(Channel, Text("at last"), None));
        Assert.Single(_ada.Sees(_channel));
        Assert.Equal(4, _discord.Requests.Count);
    }

    [Fact]
    public async Task What_fails_for_good_is_given_up()
    {
        _discord.Faults.Next(Fault.BadGateway, times: 1000);
        var no = No(await _rest.PostAsync(Channel, Text("never"), None));
        Assert.Equal(Refusing.Unavailable, no.Kind);
        Assert.Equal(
            $"posting a message in channel {Channel}: no answer in 5 tries, at last: posting a message in channel {Channel}: 502 no reason was given",
            no.Sentence
        );
        Assert.Equal(5, _discord.Requests.Count);
    }

    [Fact]
    public async Task A_wrong_token_is_the_end()
    {
        using var rest = Rest(Options("not.the.token"));
        var stop = await Assert.ThrowsAsync<DiscordStopException>(() => rest.MeAsync(None));
        Assert.Equal("Discord does not accept the bot's token.", stop.Sentence);
        Assert.Contains("Reset Token", stop.Next, StringComparison.Ordinal);
        Assert.DoesNotContain("not.the.token", stop.ToString(), StringComparison.Ordinal);
        Assert.Single(_discord.Requests);
    }

    [Fact]
    public async Task A_message_that_somebody_deleted_is_gone()
    {
        var message = Done(await _rest.PostAsync(Channel, Text("now"), None));
        _channel.Delete(_ada.Sees(_channel)[0]);
        var no = No(await _rest.EditAsync(Channel, message.Id, Text("later"), None));
        Assert.Equal((Refusing.Gone, 10008), (no.Kind, no.Code));
        Assert.Equal($"editing message {message.Id} in channel {Channel}: 404 Unknown Message (10008)", no.Sentence);
    }

    [Theory]
    [InlineData("VIEW_CHANNEL", 50001)]
    [InlineData("SEND_MESSAGES", 50013)]
    public async Task A_missing_permission_is_said(string permission, int code)
    {
        _channel.Deny(permission);
        var no = No(await _rest.PostAsync(Channel, Text("hello"), None));
        Assert.Equal((Refusing.Forbidden, code), (no.Kind, no.Code));
    }

    [Fact]
    public async Task A_direct_message_reaches_who_takes_them()
    {
        var direct = Done(await _rest.DirectChannelAsync(Id(_ada.Id), None));
        Done(await _rest.PostAsync(direct.Id, Text("for you"), None));
        Assert.Equal("for you", Assert.Single(_ada.SeesDirectly()).Text);
        _ada.TakesDirectMessages = false;
        Assert.Equal(
            (Refusing.Forbidden, 50007),
            (No(await _rest.PostAsync(direct.Id, Text("for you"), None)) is var no) ? (no.Kind, no.Code) : default
        );
    }

    [Fact]
    public async Task A_thread_is_started_once()
    {
        var message = Done(await _rest.PostAsync(Channel, Text("gw1 does not answer"), None));
        _discord.Faults.Next(Fault.LostAnswer, "/threads");
        var thread = Done(await _rest.StartThreadAsync(Channel, message.Id, "gw1 does not answer", None));
        Assert.Equal((message.Id, 11), (thread.Id, thread.Type));
        Done(await _rest.PostAsync(thread.Id, Text("it answers again"), None));
    }

    [Fact]
    public async Task What_is_over_a_limit_is_refused_with_the_field()
    {
        var no = No(await _rest.PostAsync(Channel, Text(new string('x', 2001)), None));
        Assert.Equal((Refusing.Invalid, 50035), (no.Kind, no.Code));
        Assert.Contains("\"content\"", no.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terse_server_is_understood()
    {
        _discord.Behaviour.IsTerse = true;
        _discord.Behaviour.HasRateLimits = false;
        Assert.Equal(Id(_discord.Bot), Done(await _rest.MeAsync(None)).Id);
        var message = Done(await _rest.PostAsync(Channel, Text("hello"), None));
        Assert.Equal(Channel, Done(await _rest.EditAsync(Channel, message.Id, Text("good-bye"), None)).Channel);
    }

    [Theory]
    [InlineData("/api/v10/")]
    [InlineData("/api/v10")]
    [InlineData("/api/")]
    [InlineData("/api")]
    public async Task The_base_can_be_written_in_several_ways(string path)
    {
        using var rest = Rest(Options() with { ApiBase = new(_discord.ApiBase, path) });
        Done(await rest.MeAsync(None));
    }

    [Theory]
    [InlineData("https://discord.example/api/v10/", null, null)]
    [InlineData("http://127.0.0.1:8080/api/v10/", "ws://localhost:8080", null)]
    [InlineData("http://discord.example/api/v10/", null, "clear text")]
    [InlineData("https://discord.example/api/v10/", "ws://discord.example", "clear text")]
    [InlineData("ftp://discord.example/", null, "no address")]
    public void The_token_goes_over_tls_or_stays_on_this_machine(string api, string? gateway, string? problem)
    {
        var options = new DiscordOptions(new Secret("t")) { ApiBase = new(api), GatewayUrl = gateway is null ? null : new(gateway) };
        if (problem is not null)
            Assert.Throws<ArgumentException>(() => Rest(options));
        Assert.True(
            problem is null ? options.Problem is null : options.Problem!.Contains(problem, StringComparison.Ordinal),
            options.Problem
        );
    }

    [Fact]
    public void Secrets_are_not_printed()
    {
        var options = Options("s3cret");
        var file = new Attachment("peer.conf", Encoding.UTF8.GetBytes("s3cret"));
        Assert.DoesNotContain(
            "s3cret",
            $"{options} {options.Token} {new MessagePayload { Files = [file] }} {file}",
            StringComparison.Ordinal
        );
    }

    private static MessagePayload Full(string content) =>
        new()
        {
            Content = content,
            Embeds =
            [
                new()
                {
                    Title = "title",
                    Description = "description",
                    Color = 0x2266CC,
                    Fields = [new("name", "value", true)],
                    Footer = new("footer"),
                    Timestamp = DateTimeOffset.UnixEpoch,
                },
            ],
            Rows = [new(new Button("approve", "Approve", ButtonStyle.Success), new Button("deny", "Deny", ButtonStyle.Danger, true))],
            Files = [new("diff.txt", Encoding.UTF8.GetBytes("+ accept"))],
        };
}
