using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Json;
using ChatOps.Bot.Web;
using ChatOps.Bot.Web.Entry;
using ChatOps.Core.Domain.Authority;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatOps.Specs.Web;

/// <summary>The page behind an identity provider, which says in headers who somebody is.</summary>
public sealed class ProvidedIdentitySpecs : IAsyncLifetime
{
    private const string Host = "chatops-bot.example.com";
    private const string Olga = "6f1c3b1e-8c3b-4f0e-9d55-0d1c5f1f2a10";
    private const string Stranger = "00000000-8c3b-4f0e-9d55-0d1c5f1f2a10";

    private WebRoom _room = null!;
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        _room = await WebRoom.OpenAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var people = ImmutableDictionary<Guid, Speaker>.Empty.Add(Guid.Parse(Olga), WebRoom.User("olga", Role.Operator));
        var entrance = new ProxySignIn(people, new Uri($"https://{Host}"));
        PageAccess.Add(builder.Services, entrance);
        _app = builder.Build();
        WebChat.Map(_app, entrance, _room.Core, _room.Clock);
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _room.DisposeAsync();
    }

    [Fact]
    public async Task Whom_the_provider_and_the_policy_know_has_the_page_and_speaks_as_that_person()
    {
        using var browser = BrowserOf(Olga);
        using var page = await browser.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("app.js", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var said = await SayAsync(browser, $"https://{Host}");
        Assert.Equal(HttpStatusCode.Accepted, said.StatusCode);
        var state = Assert.Single((await _room.Core.Ledger.LoadAllAsync(CancellationToken.None)).Values);
        Assert.Equal("olga", Assert.Single(state.Changes.Values).By.Id);
    }

    [Fact]
    public async Task Whom_only_the_provider_knows_is_told_what_an_administrator_can_do()
    {
        using var browser = BrowserOf(Stranger);
        foreach (var path in new[] { "/", "/room", "/api/now" })
        {
            using var answer = await browser.GetAsync(path);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Contains($"\"entra\": \"{Stranger}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var said = await SayAsync(browser, $"https://{Host}");
        Assert.Equal(HttpStatusCode.Forbidden, said.StatusCode);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(Olga, null)]
    [InlineData(Olga, "github")]
    [InlineData("olga", "aad")]
    public async Task Nobody_else_is_anybody(string? id, string? provider)
    {
        using var browser = BrowserOf(id, provider);
        using var page = await browser.GetAsync("/");
        using var now = await browser.GetAsync("/api/now");
        using var said = await SayAsync(browser, $"https://{Host}");
        Assert.All([page, now, said], a => Assert.Equal(HttpStatusCode.Unauthorized, a.StatusCode));
    }

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData($"http://{Host}")]
    [InlineData("null")]
    public async Task Another_page_cannot_speak_for_someone(string origin)
    {
        using var browser = BrowserOf(Olga);
        using var said = await SayAsync(browser, origin);
        Assert.Equal(HttpStatusCode.Forbidden, said.StatusCode);
    }

    [Fact]
    public async Task It_is_only_there_under_its_own_name()
    {
        using var browser = BrowserOf(Olga);
        browser.DefaultRequestHeaders.Host = "127.0.0.1";
        using var page = await browser.GetAsync("/");
        Assert.Equal(
            (HttpStatusCode.Forbidden, $"this page is only there under https://{Host}."),
            (page.StatusCode, await page.Content.ReadAsStringAsync())
        );
    }

    [Fact]
    public async Task Signing_out_ends_what_runs_and_goes_on_at_the_provider()
    {
        using var browser = BrowserOf(Olga);
        using var room = await browser.GetAsync("/room", HttpCompletionOption.ResponseHeadersRead);
        using var events = new StreamReader(await room.Content.ReadAsStreamAsync());
        Assert.Equal("retry: 1000", await events.ReadLineAsync());
        using var answer = await browser.PostAsync("/sign-out", null);
        Assert.Equal("/.auth/logout", await answer.Content.ReadAsStringAsync());
        await events.ReadToEndAsync();
    }

    private HttpClient BrowserOf(string? id, string? provider = "aad")
    {
        var browser = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        browser.DefaultRequestHeaders.Host = Host;
        if (id is not null)
            browser.DefaultRequestHeaders.Add("X-MS-CLIENT-PRINCIPAL-ID", id);
        if (provider is not null)
            browser.DefaultRequestHeaders.Add("X-MS-CLIENT-PRINCIPAL-IDP", provider);
        return browser;
    }

    private static Task<HttpResponseMessage> SayAsync(HttpClient browser, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/say")
        {
            Content = JsonContent.Create(new { line = "expose vm2:8080 on 80" }),
        };
        request.Headers.Add("Origin", origin);
        return browser.SendAsync(request);
    }
}
