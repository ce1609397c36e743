using System.Net;
using System.Text.Json;

namespace ChatOps.Specs.Web;

/// <summary>Nobody keeps the page from others by opening it again and again.</summary>
public sealed class PerPersonSpecs : IAsyncLifetime
{
    private WebRoom _web = null!;

    public async Task InitializeAsync() => _web = await WebRoom.OpenAsync();

    public async Task DisposeAsync() => await _web.DisposeAsync();

    [Fact]
    public async Task A_person_has_so_many_streams_and_no_more_whatever_the_browser()
    {
        using var vic = await _web.SignInAsync("vic");
        using var again = await _web.SignInAsync("vic");
        var open = new List<IAsyncEnumerator<(string Type, JsonElement Data)>>();
        for (var i = 0; i < 20; i++)
        {
            open.Add((i % 2 == 0 ? vic : again).EventsAsync().GetAsyncEnumerator());
            Assert.True(await open[^1].MoveNextAsync());
        }

        using (var refused = await again.GetAsync("/room"))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.StartsWith(
                "you have this page open 20 times. Next: close one of them",
                await refused.Content.ReadAsStringAsync(),
                StringComparison.Ordinal
            );
        }

        using var ada = await _web.SignInAsync("ada");
        Assert.Equal("you", (await ada.EventsAsync().FirstAsync()).Type);
        await open[0].DisposeAsync();
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                return (await vic.EventsAsync().FirstAsync()).Type == "you";
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        foreach (var stream in open.Skip(1))
            await stream.DisposeAsync();
    }

    [Fact]
    public async Task Of_too_many_sessions_the_oldest_ends()
    {
        var browsers = new List<Browser>();
        for (var i = 0; i < 17; i++)
            browsers.Add(await _web.SignInAsync("vic"));
        using var ada = await _web.SignInAsync("ada");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(browsers[0]));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(browsers[1]));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(browsers[16]));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(ada));
        browsers.ForEach(b => b.Dispose());
    }

    private static async Task<HttpStatusCode> StatusAsync(Browser browser)
    {
        using var answer = await browser.GetAsync("/");
        return answer.StatusCode;
    }
}
