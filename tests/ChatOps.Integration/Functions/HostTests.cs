using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using ChatOps.FunctionsHost;

namespace ChatOps.Integration.Functions;

/// <summary>The host's other promises: how it starts and restarts a handler, timers, requests.</summary>
public sealed class HostTests
{
    private static readonly object Timer = new { type = "timerTrigger", direction = "in", name = "timer", schedule = "* * * * * *", runOnStartup = true };
    private static readonly string[] Methods = ["get", "post"];
    private static readonly string[] RequestMembers = ["Body", "Headers", "Identities", "Method", "Params", "Query", "Url"];
    private static readonly object Response = new { type = "http", direction = "out", name = "response" };

    [Fact]
    public async Task The_handler_gets_a_port_and_an_id_and_settings_and_not_the_key()
    {
        await using var folder = await new PublishedFolder().WithSettings(new() { ["SETTING"] = "yes", ["FunctionsHost__Key"] = "secret" }).With("Tick", Timer).StartAsync();
        var start = Assert.Single(folder.Starts());
        Assert.InRange(start.Port, 1024, 65535);
        Assert.True(Guid.TryParse(start.Worker, out _));
        Assert.Equal((null, "yes"), (start.Key, start.Setting));
        Assert.Contains(folder.Said, l => l.StartsWith("node is ready after ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_timer_is_called_at_start_and_then_at_every_moment_of_its_schedule()
    {
        await using var folder = await new PublishedFolder().With("Tick", Timer).StartAsync();
        var calls = await folder.CalledAsync("/Tick", 3);
        Assert.False(calls[0].Json.GetProperty("Data").GetProperty("timer").GetProperty("IsPastDue").GetBoolean());
        var moments = calls.Select(c => c.Json.GetProperty("Data").GetProperty("timer").GetProperty("ScheduleStatus").GetProperty("Last").GetDateTimeOffset()).ToList();
        Assert.True(moments[0] < moments[1] && moments[1] < moments[2], string.Join(", ", moments));
        Assert.All(calls.Skip(1).Zip(moments.Skip(1)), c => Assert.True(c.First.At >= c.Second.ToUnixTimeMilliseconds()));
    }

    [Fact]
    public async Task A_handler_that_dies_is_started_again_and_the_third_death_stops_the_host()
    {
        await using var folder = await new PublishedFolder().With("Tick", Timer).StartAsync();
        for (var deaths = 1; deaths <= 2; deaths++)
        {
            var died = folder.Host!.HandlerId;
            Process.GetProcessById(died).Kill();
            await Eventually.TrueAsync(() => folder.Host.HandlerId is not 0 and var id && id != died && folder.Starts().Count == deaths + 1, () => string.Join(" | ", folder.Said));
        }

        await folder.CalledAsync("/Tick", folder.Calls("/Tick").Count + 1);
        Process.GetProcessById(folder.Host!.HandlerId).Kill();
        var ended = await Assert.ThrowsAsync<HostingException>(() => folder.Running.PatientlyAsync());
        Assert.Contains("has ended 3 times", ended.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(404)]
    [InlineData(503)]
    public async Task A_request_is_forwarded_as_it_came_and_any_answer_comes_back(int status)
    {
        await using var folder = await ApiAsync(isForwarding: true);
        folder.Answer("api/things/7", status, "text/plain", "aGVsbG8=");
        using var client = Client(folder, "secret");
        using var content = new StringContent("payload", Encoding.UTF8, "text/plain");
        using var answer = await client.PostAsync("api/things/7?x=1", content);
        Assert.Equal((status, "aGVsbG8=", "yes"), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.GetValues("X-Handler").Single()));
        var call = Assert.Single(folder.Calls("/api/things/7"));
        Assert.Equal(("/api/things/7?x=1", "POST", "payload"), (call.Url, call.Method, call.Body));
        Assert.False(call.Headers.ContainsKey("x-functions-key"));
    }

    [Fact]
    public async Task Without_forwarding_a_request_is_data_and_the_output_is_the_answer()
    {
        await using var folder = await ApiAsync(isForwarding: false);
        using var client = Client(folder, "secret");
        folder.Answer("Api", body: """{"Outputs":{"response":{"statusCode":"201","headers":{"X-Own":"1"},"body":"{\"a\":1}"}},"Logs":[],"ReturnValue":null}""");
        using var answer = await client.GetAsync("api/things/7?x=1");
        Assert.Equal((HttpStatusCode.Created, "{\"a\":1}", "1"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.GetValues("X-Own").Single()));
        var data = Assert.Single(folder.Calls("/Api")).Json.GetProperty("Data").GetProperty("request");
        Assert.Equal(RequestMembers, data.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal(("GET", "1", "7"), (data.GetProperty("Method").GetString(), data.GetProperty("Query").GetProperty("x").GetString(), data.GetProperty("Params").GetProperty("id").GetString()));

        // A body that could be base64 is taken for it.
        folder.Answer("Api", body: JsonSerializer.Serialize(new { Outputs = new { response = new { statusCode = 200, body = "aGVsbG8=" } } }));
        Assert.Equal("hello", await client.GetStringAsync("api/things/7"));
    }

    [Fact]
    public async Task Nobody_calls_a_function_without_its_key()
    {
        await using var folder = await ApiAsync(isForwarding: true);
        using var none = Client(folder, null);
        using var wrong = Client(folder, "secrets");
        Assert.Equal(HttpStatusCode.Unauthorized, (await none.GetAsync("api/things/7")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await wrong.GetAsync("api/things/7")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await none.GetAsync("api/things/7?code=secret")).StatusCode);
        Assert.Single(folder.Calls("/api/things/7"));
    }

    [Fact]
    public async Task A_trigger_that_it_does_not_know_is_named()
    {
        await using var folder = new PublishedFolder().With("Bus", new { type = "serviceBusTrigger", direction = "in", name = "item", queueName = "x" });
        var problem = await Assert.ThrowsAsync<HostingException>(() => folder.StartAsync());
        Assert.Contains("Bus/function.json", problem.Message, StringComparison.Ordinal);
        Assert.Contains("not servicebustrigger", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_is_missing_is_named()
    {
        await using var folder = new PublishedFolder().With("Take", new { type = "queueTrigger", direction = "in", name = "item", queueName = "x", connection = "Elsewhere" });
        Assert.Contains("connection Elsewhere: expected a setting", (await Assert.ThrowsAsync<HostingException>(() => folder.StartAsync())).Message, StringComparison.Ordinal);
    }

    private static Task<PublishedFolder> ApiAsync(bool isForwarding) =>
        new PublishedFolder(isForwarding: isForwarding)
            .WithSettings(new() { ["FunctionsHost__Key"] = "secret" })
            .With("Api", new { type = "httpTrigger", direction = "in", name = "request", authLevel = "function", methods = Methods, route = "things/{id}" }, Response)
            .StartAsync();

    private static HttpClient Client(PublishedFolder folder, string? key)
    {
        var client = new HttpClient { BaseAddress = folder.At };
        if (key is not null)
            client.DefaultRequestHeaders.Add("x-functions-key", key);
        return client;
    }
}
