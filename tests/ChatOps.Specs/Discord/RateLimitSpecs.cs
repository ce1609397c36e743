using System.Globalization;
using ChatOps.Discord;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Specs.Discord;

public sealed class RateLimitSpecs : DiscordSpec
{
    [Fact]
    public async Task A_burst_keeps_to_the_limit()
    {
        var posts = Enumerable.Range(1, 23).Select(i => _rest.PostAsync(Channel, Text($"{i}"), None)).ToList();
        Assert.All(await Task.WhenAll(posts), r => Done(r));
        Assert.Equal(0, _discord.TooMany);
        Assert.Equal(Enumerable.Range(1, 23), _ada.Sees(_channel).Select(m => int.Parse(m.Text, CultureInfo.InvariantCulture)).Order());
    }

    [Fact]
    public async Task Another_channel_is_not_held_up()
    {
        _discord.Behaviour.RouteWindow = TimeSpan.FromHours(1);
        var other = _discord.AddChannel("notices");
        var posts = Enumerable.Range(1, 6).Select(i => _rest.PostAsync(Channel, Text($"{i}"), None)).ToList();
        for (var i = 0; i < 5; i++)
            posts.Remove(await Task.WhenAny(posts));
        Done(await _rest.PostAsync(Id(other.Id), Text("free"), None));
        Assert.False(Assert.Single(posts).IsCompleted);
    }

    [Fact]
    public async Task Routes_that_share_a_limit_share_it()
    {
        var message = Done(await _rest.PostAsync(Channel, Text("one"), None));
        Done(await _rest.ChannelAsync(Channel, None));
        Done(await _rest.MessageAsync(Channel, message.Id, None));
        var reads = Enumerable
            .Range(0, 12)
            .SelectMany(_ => new Task[] { _rest.ChannelAsync(Channel, None), _rest.MessageAsync(Channel, message.Id, None) });
        await Task.WhenAll(reads);
        Assert.Equal(0, _discord.TooMany);
    }

    [Fact]
    public async Task All_channels_together_lose_nothing_to_the_global_limit()
    {
        var channels = Enumerable.Range(1, 40).Select(i => _discord.AddChannel($"c{i}")).ToList();
        var posts = channels.SelectMany(c => Enumerable.Range(1, 3).Select(i => _rest.PostAsync(Id(c.Id), Text($"{i}"), None))).ToList();
        Assert.All(await Task.WhenAll(posts), r => Done(r));
        Assert.All(channels, c => Assert.Equal(["1", "2", "3"], _ada.Sees(c).Select(m => m.Text).Order()));
    }

    [Fact]
    public async Task A_server_without_limits_is_not_slowed_down()
    {
        _discord.Behaviour.HasRateLimits = false;
        var posts = Enumerable.Range(1, 40).Select(i => _rest.PostAsync(Channel, Text($"{i}"), None)).ToList();
        Assert.All(await Task.WhenAll(posts), r => Done(r));
        Assert.Equal(40, _ada.Sees(_channel).Length);
    }

    [Fact]
    public async Task The_fifty_first_request_of_a_second_waits()
    {
        var clock = new FakeTimeProvider();
        var limit = new GlobalLimit(clock);
        for (var i = 0; i < 50; i++)
            Assert.True(limit.EnterAsync(None).IsCompletedSuccessfully);
        var next = limit.EnterAsync(None);
        Assert.False(next.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1.2));
        await next;
    }

    [Fact]
    public async Task A_global_429_stops_the_bot_and_not_the_interactions()
    {
        var clock = new FakeTimeProvider();
        var limits = new RateLimits(clock);
        using (var pass = await limits.EnterAsync(Request("channels/1"), None))
            pass.Block(TimeSpan.FromSeconds(7), true);
        var bot = limits.EnterAsync(Request("channels/2"), None);
        using var interaction = await limits.EnterAsync(Request("webhooks/3") with { AsBot = false }, None);
        Assert.False(bot.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(8));
        using var later = await bot;
    }

    [Fact]
    public async Task A_429_of_one_channel_stops_that_channel()
    {
        var clock = new FakeTimeProvider();
        var limits = new RateLimits(clock);
        using (var pass = await limits.EnterAsync(Request("1"), None))
            pass.Block(TimeSpan.FromSeconds(7), false);
        var same = limits.EnterAsync(Request("1"), None);
        using var other = await limits.EnterAsync(Request("2"), None);
        Assert.False(same.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(8));
        using var later = await same;
    }

    [Fact]
    public async Task While_a_limit_is_unknown_requests_go_one_by_one()
    {
        var limits = new RateLimits(new FakeTimeProvider());
        var first = await limits.EnterAsync(Request("1"), None);
        var second = limits.EnterAsync(Request("1"), None);
        Assert.False(second.IsCompleted);
        first.Dispose();
        using var later = await second;
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_holds_nobody_up()
    {
        var limits = new RateLimits(new FakeTimeProvider());
        using var impatient = new CancellationTokenSource();
        var first = await limits.EnterAsync(Request("1"), None);
        var second = limits.EnterAsync(Request("1"), impatient.Token);
        var third = limits.EnterAsync(Request("1"), None);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first.Dispose();
        using var later = await third;
    }

    [Fact]
    public async Task Limits_of_interactions_that_are_over_are_forgotten()
    {
        var limits = new RateLimits(new FakeTimeProvider());
        for (var i = 0; i < 5000; i++)
            (await limits.EnterAsync(Request(i.ToString(CultureInfo.InvariantCulture)) with { AsBot = false }, None)).Dispose();
        Assert.InRange(limits.Count, 1, 256);
    }

    private static RestRequest Request(string major) => new(HttpMethod.Post, "channels/{}/messages", "", "posting") { Major = major };
}
