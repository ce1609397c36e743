using System.Net;
using ChatOps.Bot.Web.Entry;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChatOps.Specs.Web;

/// <summary>What the framework asks before a request is handled.</summary>
public sealed class AccessSpecs : IAsyncLifetime
{
    private WebRoom _web = null!;

    public async Task InitializeAsync() => _web = await WebRoom.OpenAsync();

    public async Task DisposeAsync() => await _web.DisposeAsync();

    [Fact]
    public void Every_address_asks_who_it_is_but_the_way_in_and_the_parts_of_the_page()
    {
        var open = _web
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(s => s.Endpoints)
            .Cast<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<AuthorizationPolicy>() is null)
            .Select(e => e.RoutePattern.RawText!.TrimStart('/'))
            .ToList();
        Assert.Equal([.. PageFiles.Parts.Append("sign-in").Order()], open.Order());
    }

    [Fact]
    public async Task What_changes_something_asks_for_our_own_page_too_also_of_somebody_who_is_signed_in()
    {
        using var browser = await _web.SignInAsync("olga");
        foreach (
            var path in _web
                .Services.GetServices<EndpointDataSource>()
                .SelectMany(s => s.Endpoints)
                .Cast<RouteEndpoint>()
                .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains("POST"))
                .Select(e => e.RoutePattern.RawText!)
        )
        {
            using var answer = await browser.PostAsync(path, null, "http://evil.example");
            Assert.Equal(
                (HttpStatusCode.Forbidden, "this came from another page; only our own may do that."),
                (answer.StatusCode, await answer.Content.ReadAsStringAsync())
            );
        }
    }

    [Fact]
    public async Task Another_page_may_not_ask_in_somebodys_name()
    {
        using var browser = await _web.SignInAsync("olga");
        using var asked = await browser.GetAsync("/api/now", ("Sec-Fetch-Site", "cross-site"));
        Assert.Equal(
            (HttpStatusCode.Forbidden, "this came from another page; only our own may ask that."),
            (asked.StatusCode, await asked.Content.ReadAsStringAsync())
        );
    }

    [Fact]
    public async Task A_cookie_that_a_browser_came_with_is_worth_nothing_after_somebody_signs_in_there()
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        var planted = await SignInAsync(http, "vic", null);
        var own = await SignInAsync(http, "olga", planted);
        Assert.Equal(HttpStatusCode.Unauthorized, await NowAsync(http, planted));
        Assert.Equal(HttpStatusCode.OK, await NowAsync(http, own));
    }

    [Fact]
    public async Task A_cookie_of_an_earlier_start_or_one_that_was_made_up_is_nobodys()
    {
        await using var earlier = await WebRoom.OpenAsync();
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        using var before = await http.GetAsync(earlier.LinkSignIn.LinkFor(WebRoom.User("olga"), earlier.Uri));
        Assert.Equal(HttpStatusCode.Unauthorized, await NowAsync(http, CookieOf(before)));
        Assert.Equal(HttpStatusCode.Unauthorized, await NowAsync(http, $"chatops-session={LinkSignIn.NewToken()}"));
    }

    [Fact]
    public void What_protects_cookies_is_written_nowhere()
    {
        var keys = _web.Services.GetRequiredService<IKeyManager>();
        keys.CreateNewKey(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        Assert.Empty(_web.Services.GetRequiredService<IOptions<KeyManagementOptions>>().Value.XmlRepository!.GetAllElements());
    }

    private async Task<string> SignInAsync(HttpClient http, string name, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _web.LinkSignIn.LinkFor(WebRoom.User(name), _web.Uri));
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        using var answer = await http.SendAsync(request);
        return CookieOf(answer);
    }

    private static string CookieOf(HttpResponseMessage answer) => Assert.Single(answer.Headers.GetValues("Set-Cookie")).Split(';')[0];

    private async Task<HttpStatusCode> NowAsync(HttpClient http, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_web.Uri, "/api/now"));
        request.Headers.Add("Cookie", cookie);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }
}
