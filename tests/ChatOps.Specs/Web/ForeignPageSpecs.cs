using System.Net;
using System.Net.Http.Json;
using System.Text;
using ChatOps.Bot.Web.Entry;

namespace ChatOps.Specs.Web;

/// <summary>What another page in the same browser can try: its requests carry our cookie when it gets that far.</summary>
public sealed class ForeignPageSpecs : IAsyncLifetime
{
    private const string Json = "application/json";
    private const string Body = """{"line": "expose vm2:8080 on 80"}""";

    private WebRoom _web = null!;
    private Browser _olga = null!;

    public async Task InitializeAsync()
    {
        _web = await WebRoom.OpenAsync();
        _olga = await _web.SignInAsync("olga");
    }

    public async Task DisposeAsync()
    {
        _olga.Dispose();
        await _web.DisposeAsync();
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://127.0.0.1")]
    [InlineData("null")]
    public async Task Another_origin_cannot_say_a_line_or_sign_out(string origin)
    {
        using var line = new StringContent(Body, Encoding.UTF8, Json);
        using var said = await _olga.PostAsync("/say", line, origin);
        using var out_ = await _olga.PostAsync("/sign-out", null, origin);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (said.StatusCode, out_.StatusCode));
        await NothingWasSaidAsync();
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    public async Task A_form_cannot_say_a_line(string type)
    {
        using var line = new StringContent(Body, Encoding.UTF8, type);
        using var said = await _olga.PostAsync("/say", line);
        Assert.Equal(HttpStatusCode.BadRequest, said.StatusCode);
        await NothingWasSaidAsync();
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("localhost.")]
    public async Task A_foreign_name_for_loopback_leads_nowhere(string name)
    {
        var host = $"{name}:{_web.Uri.Port}";
        using var line = new StringContent(Body, Encoding.UTF8, Json);
        using var said = await _olga.PostAsync("/say", line, $"http://{host}", host);
        Assert.Equal(HttpStatusCode.Forbidden, said.StatusCode);
        await NothingWasSaidAsync();
    }

    [Fact]
    public async Task Our_own_origin_may_and_localhost_is_ours_too()
    {
        using var first = await _olga.PostAsync(
            "/say",
            JsonContent.Create(new { line = "vms" }),
            _web.Uri.GetLeftPart(UriPartial.Authority)
        );
        var local = $"localhost:{_web.Uri.Port}";
        using var second = await _olga.PostAsync("/say", JsonContent.Create(new { line = "vms" }), $"http://{local}", local);
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.StatusCode, second.StatusCode));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/app.js")]
    [InlineData("/style.css")]
    [InlineData("/api/now")]
    [InlineData("/sign-in?token=wrong")]
    public async Task Every_answer_tells_the_browser_to_be_strict(string path)
    {
        using var answer = await _olga.GetAsync(path);
        var headers = answer.Headers;
        var policy = Assert.Single(headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(headers.GetValues("Referrer-Policy")));
        Assert.True(headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task The_page_keeps_to_its_own_policy()
    {
        var page = await (await _olga.GetAsync("/")).Content.ReadAsStringAsync();
        Assert.DoesNotMatch("<script(?![^>]* src=)|<style|style=|\\son[a-z]+=|javascript:|https?:", page);
        Assert.Contains("app.js", PageFiles.Parts);
        foreach (var script in PageFiles.Parts.Where(p => p.EndsWith(".js", StringComparison.Ordinal)))
        {
            var text = await (await _olga.GetAsync($"/{script}")).Content.ReadAsStringAsync();
            Assert.DoesNotMatch("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|eval\\(|https?://(?!www\\.w3\\.org/)", text);
            Assert.InRange(text.Count(c => c == '\n'), 1, 300);
        }
    }

    private async Task NothingWasSaidAsync()
    {
        using var last = await _olga.SayAsync("# last");
        Assert.Equal("# last", (await _olga.EventsAsync().Messages().FirstAsync()).Word("text"));
    }
}
