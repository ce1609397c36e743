using System.Net;

namespace ChatOps.Specs.Web;

public sealed class SignInSpecs : IAsyncLifetime
{
    private WebRoom _web = null!;

    public async Task InitializeAsync() => _web = await WebRoom.OpenAsync();

    public async Task DisposeAsync() => await _web.DisposeAsync();

    [Fact]
    public async Task A_sign_in_link_leads_to_the_page_and_out_of_the_address_bar()
    {
        using var browser = new Browser(_web.Uri);
        using var page = await browser.GetAsync(_web.LinkSignIn.LinkFor(WebRoom.User("olga"), _web.Uri));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("/", page.RequestMessage!.RequestUri!.PathAndQuery);
        Assert.Contains("app.js", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_knows_who_signed_in()
    {
        using var browser = await _web.SignInAsync("olga");
        var (type, you) = await browser.EventsAsync().FirstAsync();
        Assert.Equal("you", type);
        Assert.Equal("olga", you.Word("name"));
        Assert.Equal("operator", you.GetProperty("roles")[0].GetString());
    }

    [Fact]
    public async Task The_cookie_is_kept_from_scripts_and_from_posts_of_other_sites()
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var answer = await http.GetAsync(_web.LinkSignIn.LinkFor(WebRoom.User("olga"), _web.Uri));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.EndsWith("; path=/; samesite=lax; httponly", cookie, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/sign-in?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("/sign-in?token=")]
    [InlineData("/sign-in")]
    public async Task A_wrong_token_is_refused_with_a_sentence(string path)
    {
        using var browser = new Browser(_web.Uri);
        using var answer = await browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("use a link that the terminal shows now", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Links_of_an_earlier_start_are_worth_nothing()
    {
        await using var earlier = await WebRoom.OpenAsync();
        using var browser = new Browser(_web.Uri);
        using var answer = await browser.GetAsync(earlier.LinkSignIn.LinkFor(WebRoom.User("olga"), _web.Uri));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Without_a_session_there_is_no_page_no_room_and_no_say()
    {
        using var browser = new Browser(_web.Uri);
        using var page = await browser.GetAsync("/");
        using var room = await browser.GetAsync("/room");
        using var said = await browser.SayAsync("status");
        Assert.All([page, room, said], a => Assert.Equal(HttpStatusCode.Unauthorized, a.StatusCode));
        Assert.Contains("sign-in link", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_its_open_streams()
    {
        using var browser = await _web.SignInAsync("olga");
        await using var events = browser.EventsAsync().GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());

        using var answer = await browser.PostAsync("/sign-out", null);
        Assert.Equal("/", await answer.Content.ReadAsStringAsync());
        await EndsAsync(events);
        using var page = await browser.GetAsync("/");
        Assert.Equal(HttpStatusCode.Unauthorized, page.StatusCode);
    }

    [Fact]
    public async Task A_second_sign_in_in_the_same_browser_replaces_the_first()
    {
        using var browser = await _web.SignInAsync("olga");
        await using var events = browser.EventsAsync().GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());

        using var page = await browser.GetAsync(_web.LinkSignIn.LinkFor(WebRoom.User("ada"), _web.Uri));
        await EndsAsync(events);
        Assert.Equal("ada", (await browser.EventsAsync().FirstAsync()).Data.Word("name"));
    }

    [Fact]
    public async Task A_link_works_once_and_who_hands_out_links_hears_of_it()
    {
        var link = _web.LinkSignIn.LinkFor(WebRoom.User("olga"), _web.Uri);
        using var olga = new Browser(_web.Uri);
        using var page = await olga.GetAsync(link);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal(["olga"], _web.SignedIn);
        using var thief = new Browser(_web.Uri);
        using var again = await thief.GetAsync(link);
        Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
        Assert.NotEqual(link, _web.LinkSignIn.LinkFor(WebRoom.User("olga"), _web.Uri));
    }

    [Fact]
    public async Task A_browser_that_fetches_ahead_does_not_use_up_the_link()
    {
        using var browser = new Browser(_web.Uri);
        var link = _web.LinkSignIn.LinkFor(WebRoom.User("olga"), _web.Uri);
        using var ahead = await browser.GetAsync(link.PathAndQuery, ("Sec-Purpose", "prefetch;prerender"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ahead.StatusCode);
        using var page = await browser.GetAsync(link);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    private static async Task EndsAsync<T>(IAsyncEnumerator<T> events)
    {
        while (await events.MoveNextAsync())
        {
            // What was on its way.
        }
    }
}
