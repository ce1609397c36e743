using System.Net;
using System.Text;
using System.Text.Json;
using ChatOps.Functions.Hosting;
using ChatOps.Integration.Faults;
using Microsoft.AspNetCore.Builder;

namespace ChatOps.Integration.Functions;

/// <summary>Our function app as its host sees it, line by line of the custom-handler contract.</summary>
[Collection(nameof(FaultTests))]
public sealed class HandlerTests
{
    [Theory]
    [InlineData("""{"Data":{"nudge":"\"hello\""},"Metadata":{}}""", "hello")]
    [InlineData("""{"Data":{"nudge":"hello"},"Metadata":{}}""", "hello")]
    [InlineData("""{"Data":{"nudge":"\"{\\\"gateway\\\":\\\"gw1\\\"}\""},"Metadata":{}}""", """{"gateway":"gw1"}""")]
    [InlineData("""{"Data":{"nudge":"{\"gateway\":\"gw1\"}"},"Metadata":{}}""", """{"gateway":"gw1"}""")]
    [InlineData("""{"Data":{"nudge":{"gateway":"gw1"}},"Metadata":{}}""", """{"gateway":"gw1"}""")]
    [InlineData("""{"Data":{"nudge":"\"not closed"},"Metadata":{}}""", "\"not closed")]
    public void A_text_is_read_encoded_once_or_twice(string body, string text) => Assert.Equal(text, Invocation.Read(body)!.Text("nudge"));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"Metadata":{}}""")]
    [InlineData("""{"Data":"nudge"}""")]
    public void What_is_no_call_is_none(string body) => Assert.Null(Invocation.Read(body));

    [Fact]
    public async Task A_call_that_is_done_is_answered_with_the_three_members_as_JSON()
    {
        await using var app = await ServeAsync(new Scripted(_ => Task.CompletedTask));
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/")).StatusCode);
        using var answer = await client.PostAsync("/Scripted", Json("""{"Data":{},"Metadata":{}}"""));
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("""{"Outputs":{},"Logs":[],"ReturnValue":null}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_call_that_breaks_is_answered_with_500_and_without_the_reason()
    {
        await using var app = await ServeAsync(new Scripted(_ => throw new InvalidOperationException("the secret reason")));
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        using var answer = await client.PostAsync("/Scripted", Json("""{"Data":{},"Metadata":{}}"""));
        Assert.Equal((HttpStatusCode.InternalServerError, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync("/Scripted", Json("yes"))).StatusCode);
    }

    [Fact, Trait("needs", "Azurite")]
    public async Task Its_api_tells_status_and_audit_and_takes_nudges_to_whoever_has_the_key()
    {
        await using var edition = await Edition.StartAsync();
        using var client = new HttpClient { BaseAddress = edition.Functions[0].At };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("api/status")).StatusCode);
        client.DefaultRequestHeaders.Add("x-functions-key", Edition.Key);
        Assert.True(await edition.SayAsync("expose vm2:8080 on 80"), edition.Said());
        await edition.SettledAsync();

        using var status = JsonDocument.Parse(await client.GetStringAsync("api/status"));
        var gateway = Assert.Single(status.RootElement.EnumerateArray());
        Assert.Equal(("gw1", 2, 2), (gateway.GetProperty("gateway").GetString(), gateway.GetProperty("revision").GetInt32(), gateway.GetProperty("accepted").GetInt32()));
        using var audit = JsonDocument.Parse(await client.GetStringAsync("api/audit?q=80"));
        Assert.NotEmpty(audit.RootElement.EnumerateArray());
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("api/audit?q=by")).StatusCode);

        using var nudged = await client.PostAsync("api/nudge", Json("""{"gateway":"gw1","revision":2}"""));
        using var answer = JsonDocument.Parse(await nudged.Content.ReadAsStringAsync());
        Assert.True(answer.RootElement.GetProperty("isSettled").GetBoolean());
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync("api/nudge", Json("{}"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("api/secrets")).StatusCode);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static async Task<WebApplication> ServeAsync(IFunction function)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        var app = builder.Build();
        Handler.Map(app, [function], null, CancellationToken.None);
        await app.StartAsync();
        return app;
    }

    private sealed class Scripted(Func<Invocation, Task> run) : IFunction
    {
        public string Name => "Scripted";

        public Task RunAsync(Invocation call, CancellationToken cancel) => run(call);
    }
}
