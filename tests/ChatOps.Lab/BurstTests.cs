using ChatOps.Core.Domain.Changes;

namespace ChatOps.Lab;

/// <summary>Many changes that are accepted at once, against a real gateway.</summary>
[Trait("lab", "clocks")]
public sealed class BurstTests : GatewayTest
{
    private const int Many = 40;

    [Fact]
    public async Task Many_accepted_at_once_are_a_few_revisions_and_one_that_fails_takes_none_down()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2");

        // The machine has something of its own on this port, of which no plan knows.
        using var stranger = Lab.StartIn("gw1", ["python3", "-m", "http.server", "9020", "--bind", "0.0.0.0"]);
        await Eventually.TrueAsync(
            async () => (await Lab.ExecAsync("gw1", "ss", "-Hltn", "sport = :9020")).Text.Contains("9020", StringComparison.Ordinal),
            () => "nobody listens on 9020"
        );
        var before = (await ObserveAsync()).Running;
        await Task.WhenAll(Enumerable.Range(9001, Many).Select(port => team.SayAsync($"admin: expose vm2:8080 on {port}")));
        foreach (var change in (await team.StateAsync()).Proposed)
            Assert.True(await team.SayAsync($"approver: approve {change.Number}"), team.Transcript);
        await team.SettledAsync();

        var state = await team.StateAsync();
        var failed = Assert.Single(state.Changes.Values, c => c.Status is ChangeStatus.Failed);
        Assert.Equal("expose vm2:8080 on 9020", failed.Line);
        Assert.Equal(Many - 1, state.Running.Exposures.Count);
        Assert.Equal(Many, state.Changes.Values.Count(c => c.Status is ChangeStatus.Applied));
        Assert.StartsWith("vm2 saw ", await Probe.FetchAsync("client", $"http://{Lab.Gw1V4}:9001/"), StringComparison.Ordinal);
        Assert.StartsWith("vm2 saw ", await Probe.FetchAsync("client", $"http://{Lab.Gw1V4}:{9000 + Many}/"), StringComparison.Ordinal);
        await AgreedAsync(team);

        // Fewer than there were changes: what came meanwhile went together. The numbers of those that were tried in vain are not used
        // again.
        var journal = (await Lab.ExecAsync("gw1", "journalctl", "-t", "chatops", "-o", "cat")).Text;
        var tried = journal
            .Split('\n')
            .Count(l => l.StartsWith("apply ", StringComparison.Ordinal) && l.Contains(": offered ", StringComparison.Ordinal));
        Assert.InRange(tried, 2, Many - 5);
        Assert.True((await ObserveAsync()).Running.CompareTo(before) > 0);
        stranger.Kill(entireProcessTree: true);
    }
}
