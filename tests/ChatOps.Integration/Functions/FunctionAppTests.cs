using System.Net;
using System.Text;
using System.Text.Json;
using ChatOps.Core.Domain.Changes;
using ChatOps.Integration.Faults;
using ChatOps.Integration.FunctionsHost;

namespace ChatOps.Integration.Functions;

/// <summary>
/// The function app is one that a Functions host can index, load and call, and the worker without a host answers the same.
/// </summary>
[Collection(nameof(FaultTests)), Trait("needs", "Azurite")]
public sealed class FunctionAppTests
{
    [Fact]
    public async Task A_host_indexes_what_the_app_has_and_ends_it_well()
    {
        await using var edition = await Edition.StartAsync(hosted: true);
        var host = (HostedFunctions)edition.Functions[0];
        Assert.Equal(
            ["Apply", "Audit", "Nudge", "Reconcile", "Statistics", "Status"],
            host.Functions.Select(f => f.Name).Order(StringComparer.Ordinal)
        );
        Assert.All(host.Functions, f => Assert.Equal(("dotnet-isolated", "ChatOps.Functions.dll"), (f.Language, f.ScriptFile)));

        // Beside the functions, what a host reads first.
        Assert.All(["host.json", "worker.config.json", "extensions.json", "functions.metadata"], f =>
            Assert.True(File.Exists(Path.Combine(BuiltApp.Folder, f)), f)
        );
        Assert.Equal(0, await host.TerminateAsync());
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_conversation_of_two_processes_opens_and_closes_a_port(bool hosted)
    {
        await using var edition = await Edition.StartAsync(hosted: hosted);
        Assert.True(await edition.SayAsync("expose vm2:8080 on 80"), edition.Said());
        await edition.SettledAsync();
        Assert.Single((await edition.AgreedAsync()).Running.Exposures);
        Assert.True(await edition.SayAsync("unexpose 80"), edition.Said());
        await edition.SettledAsync();
        var state = await edition.AgreedAsync();
        Assert.Empty(state.Running.Exposures);
        Assert.All(state.Changes.Values, c => Assert.IsType<ChangeStatus.Applied>(c.Status));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Its_api_tells_status_and_audit_and_takes_nudges_to_whoever_has_the_key(bool hosted)
    {
        await using var edition = await Edition.StartAsync(hosted: hosted);
        using var client = new HttpClient { BaseAddress = edition.Functions[0].At };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("api/status")).StatusCode);
        client.DefaultRequestHeaders.Add("x-functions-key", Edition.Key);
        Assert.True(await edition.SayAsync("expose vm2:8080 on 80"), edition.Said());
        await edition.SettledAsync();

        using var status = JsonDocument.Parse(await client.GetStringAsync("api/status"));
        var gateway = Assert.Single(status.RootElement.EnumerateArray());
        Assert.Equal(
            ("gw1", 2, 2),
            (
                gateway.GetProperty("gateway").GetString(),
                gateway.GetProperty("revision").GetInt32(),
                gateway.GetProperty("accepted").GetInt32()
            )
        );
        using var audit = JsonDocument.Parse(await client.GetStringAsync("api/audit?q=80"));
        Assert.NotEmpty(audit.RootElement.EnumerateArray());
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("api/audit?q=by")).StatusCode);

        using var nudged = await client.PostAsync("api/nudge", Json("""{"gateway":"gw1","revision":2}"""));
        using var answer = JsonDocument.Parse(await nudged.Content.ReadAsStringAsync());
        Assert.True(answer.RootElement.GetProperty("isSettled").GetBoolean());
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync("api/nudge", Json("{}"))).StatusCode);
        var tooLong = $$"""{"gateway":"gw1","revision":2,"padding":"{{new string('x', 1024)}}"}""";
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync("api/nudge", Json(tooLong))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("api/secrets")).StatusCode);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
