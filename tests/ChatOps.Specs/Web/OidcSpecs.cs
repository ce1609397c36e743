using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Hosting;
using ChatOps.Core.Domain.Authority;
using ChatOps.Specs.Conventions;
using ChatOps.StandIns.Oidc;
using Microsoft.AspNetCore.Builder;

namespace ChatOps.Specs.Web;

/// <summary>
/// The page for a team whose people sign in at an OpenID Connect provider: a real one, in a process of its own on loopback.
/// </summary>
public sealed partial class OidcSpecs : IAsyncLifetime
{
    private readonly Uri _origin = OidcProvider.FreeOrigin();
    private readonly Uri _public = OidcProvider.FreeOrigin("https");
    private WebRoom _room = null!;
    private OidcProvider? _provider;
    private WebApplication _page = null!;

    private Uri Issuer => _provider!.Issuer;

    public async Task InitializeAsync()
    {
        _room = await WebRoom.OpenAsync();
        if (OidcProvider.Missing(Checkout.Root) is not null)
            return;
        _provider = await OidcProvider.StartAsync(Checkout.Root, _origin, _public);
        _page = await ServeAsync(OidcProvider.ClientSecret);
    }

    public async Task DisposeAsync()
    {
        if (_provider is not null)
        {
            await _page.DisposeAsync();
            await _provider.DisposeAsync();
        }

        await _room.DisposeAsync();
    }

    [OidcFact]
    public async Task One_proposes_and_another_approves_each_as_who_the_provider_says()
    {
        using var olga = NewBrowser();
        Assert.Contains("app.js", await SignInAsync(olga, "olga"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, await SayAsync(olga, "expose vm2:8080 on 80"));
        using var vera = NewBrowser();
        await SignInAsync(vera, "vera");
        await SayAsync(vera, "approve 1");
        var change = Assert.Single(Assert.Single((await _room.Core.Ledger.LoadAllAsync(default)).Values).Changes.Values);
        Assert.Equal(("oidc", "olga", "olga of the tests"), (change.By.Platform, change.By.Id, change.By.Name));
        Assert.Equal("local:vera", string.Join(' ', change.Approvers.Select(a => $"{a.Platform}:{a.Id}")));
    }

    [OidcFact]
    public async Task Whoever_is_in_no_group_with_a_role_is_told_what_to_do()
    {
        using var sid = NewBrowser();
        var said = await SignInAsync(sid, "sid");
        Assert.Equal(
            $"you are signed in at {Issuer} as sid of the tests, and nothing there gives you a role here. Next: an administrator maps one of your groups (everyone) to a role under \"groups\" of \"oidc\" in the policy file, or adds \"oidc\": \"sid\" to your entry in its users.",
            said
        );
        using var now = await sid.GetAsync(new Uri(_origin, "/api/now"));
        Assert.Equal(HttpStatusCode.Unauthorized, now.StatusCode);
    }

    [OidcFact]
    public async Task A_session_ends_after_its_time_and_by_signing_out_at_both()
    {
        using var olga = NewBrowser();
        await SignInAsync(olga, "olga");
        _room.Clock.Advance(TimeSpan.FromHours(8));
        using (var now = await olga.GetAsync(new Uri(_origin, "/api/now")))
            Assert.Equal(HttpStatusCode.Unauthorized, now.StatusCode);

        // The provider still knows her: no password is asked for.
        Assert.Contains("app.js", await olga.GetStringAsync(_origin), StringComparison.Ordinal);
        using var over = await PostAsync(olga, "/sign-out", null);
        var at = await over.Content.ReadAsStringAsync();
        Assert.StartsWith(
            $"{Issuer.GetLeftPart(UriPartial.Authority)}/session/end?client_id=chatops&id_token_hint=",
            at,
            StringComparison.Ordinal
        );
        Assert.Contains("Do you want to sign-out", await olga.GetStringAsync(at), StringComparison.Ordinal);
        using var after = await olga.GetAsync(new Uri(_origin, "/api/now"));
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [OidcFact]
    public async Task Another_page_or_name_or_a_callback_that_nobody_began_gets_nothing()
    {
        using var olga = NewBrowser();
        await SignInAsync(olga, "olga");
        using (var foreign = await PostAsync(olga, "/say", JsonContent.Create(new { line = "status" }), "https://evil.example.com"))
            Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        foreach (var path in new[] { "/", "/sign-in", "/signed-in?code=x&state=y" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_origin, path));
            request.Headers.Host = "evil.example.com";
            using var named = await olga.SendAsync(request);
            Assert.Equal(
                (HttpStatusCode.Forbidden, $"this page is only there under {_origin.GetLeftPart(UriPartial.Authority)}."),
                (named.StatusCode, await named.Content.ReadAsStringAsync())
            );
        }

        using var stranger = NewBrowser();
        using var callback = await stranger.GetAsync(new Uri(_origin, "/signed-in?code=x&state=y"));
        Assert.Equal(HttpStatusCode.Forbidden, callback.StatusCode);
        Assert.StartsWith($"{Issuer} did not sign you in", await callback.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("no-store", callback.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    [OidcFact]
    public async Task What_one_browser_began_no_other_one_finishes()
    {
        using var olga = NewBrowser(follows: false);
        var code = await CodeAsync(olga, "olga");
        using var thief = NewBrowser();
        using (var stolen = await thief.GetAsync(code))
            Assert.Equal(
                (
                    HttpStatusCode.Forbidden,
                    $"{Issuer} did not sign you in: this was begun in another browser, or too long ago. Next: load / anew."
                ),
                (stolen.StatusCode, await stolen.Content.ReadAsStringAsync())
            );
        using (var now = await thief.GetAsync(new Uri(_origin, "/api/now")))
            Assert.Equal(HttpStatusCode.Unauthorized, now.StatusCode);
        using var own = await olga.GetAsync(code);
        Assert.Equal((HttpStatusCode.Redirect, "/"), (own.StatusCode, own.Headers.Location!.OriginalString));
        using var again = await olga.GetAsync(code);
        Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
    }

    [OidcFact]
    public async Task A_wrong_secret_is_said_to_whoever_signs_in_without_saying_it()
    {
        await _page.DisposeAsync();
        _page = await ServeAsync("another secret");
        using var olga = NewBrowser();
        Assert.Equal(
            $"{Issuer} refuses this page itself. Next: an administrator looks whether the provider has the client chatops, the client secret that is configured here, and {new Uri(_origin, "/signed-in")} as a redirect address.",
            await SignInAsync(olga, "olga")
        );
    }

    [OidcFact]
    public async Task Without_the_provider_nobody_signs_in_and_hears_why()
    {
        await _provider!.StopAsync();
        using var olga = NewBrowser();
        using var page = await olga.GetAsync(_origin);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.StartsWith(
            $"{Issuer} does not answer, so nobody can sign in at the moment.",
            await page.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
    }

    [OidcFact]
    public async Task Behind_a_reverse_proxy_its_name_is_what_is_configured_and_not_what_a_request_says()
    {
        await _page.DisposeAsync();
        _page = await ServeAsync(OidcProvider.ClientSecret, _public);
        await using var proxy = await ReverseProxy.StartAsync(_public, _origin);
        var cookies = new CookieContainer();
        using var olga = proxy.NewBrowser(cookies);
        Assert.Contains("app.js", await SignInAsync(olga, "olga", _public), StringComparison.Ordinal);
        var ours = cookies.GetAllCookies().Single(c => c.Name == "chatops-session");
        Assert.True(ours is { Secure: true, HttpOnly: true });
        using var around = NewBrowser();
        using var page = await around.GetAsync(_origin);
        Assert.Equal(
            (HttpStatusCode.Forbidden, $"this page is only there under {_public.GetLeftPart(UriPartial.Authority)}."),
            (page.StatusCode, await page.Content.ReadAsStringAsync())
        );
    }

    private Task<WebApplication> ServeAsync(string secret, Uri? origin = null)
    {
        var people = ImmutableDictionary.Create<string, Speaker>().Add("vera", WebRoom.User("vera", Role.Approver));
        var groups = ImmutableDictionary.Create<string, Role>().Add("netops", Role.Operator).Add("approvers", Role.Approver);
        var settings = new OidcSettings(
            Issuer,
            OidcProvider.ClientId,
            new(secret),
            ["groups"],
            "groups",
            groups,
            TimeSpan.FromHours(8),
            people
        );
        return new WebListening(_origin, origin ?? _origin, null, null).StartAsync(
            settings,
            Accounts.None,
            _room.Core,
            _room.Clock,
            default
        );
    }

    private static HttpClient NewBrowser(bool follows = true) =>
        new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = follows });

    // Opens the page, and fills in what the provider asks for, until it is the page again.
    private async Task<string> SignInAsync(HttpClient browser, string name, Uri? origin = null)
    {
        var answer = await browser.GetAsync(origin ?? _origin);
        while (answer.Headers.Location is not null || answer.RequestMessage!.RequestUri!.Authority == Issuer.Authority)
        {
            using var former = answer;
            answer = await StepAsync(browser, name, answer);
        }

        using (answer)
            return await answer.Content.ReadAsStringAsync();
    }

    // The same, redirect by redirect, up to the address with the code that the page is to be asked with.
    private async Task<Uri> CodeAsync(HttpClient browser, string name)
    {
        var answer = await browser.GetAsync(new Uri(_origin, "/sign-in"));
        while (answer.Headers.Location?.OriginalString.Contains("/signed-in?", StringComparison.Ordinal) is not true)
        {
            using var former = answer;
            answer = await StepAsync(browser, name, answer);
        }

        using (answer)
            return answer.Headers.Location;
    }

    // Goes where it is led, or fills in the form.
    private Task<HttpResponseMessage> StepAsync(HttpClient browser, string name, HttpResponseMessage answer) =>
        answer.Headers.Location is { } location
            ? browser.GetAsync(new Uri(answer.RequestMessage!.RequestUri!, location))
            : FillInAsync(browser, name, answer);

    private async Task<HttpResponseMessage> FillInAsync(HttpClient browser, string name, HttpResponseMessage asked)
    {
        var form = await asked.Content.ReadAsStringAsync();
        var fields = new Dictionary<string, string>
        {
            ["prompt"] = form.Contains("name=\"login\"", StringComparison.Ordinal) ? "login" : "consent",
            ["login"] = name,
            ["password"] = "any",
        };
        using var content = new FormUrlEncodedContent(fields);
        var action = Action().Match(form);
        Assert.True(action.Success, form);
        return await browser.PostAsync(new Uri(Issuer, action.Groups[1].Value), content);
    }

    private async Task<HttpStatusCode> SayAsync(HttpClient browser, string line)
    {
        using var said = await PostAsync(browser, "/say", JsonContent.Create(new { line }));
        return said.StatusCode;
    }

    private async Task<HttpResponseMessage> PostAsync(HttpClient browser, string path, HttpContent? content, string? origin = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_origin, path)) { Content = content };
        request.Headers.Add("Origin", origin ?? _origin.GetLeftPart(UriPartial.Authority));
        return await browser.SendAsync(request);
    }

    [GeneratedRegex("action=\"([^\"]+)\"")]
    private static partial Regex Action();
}
