using ChatOps.Core.Domain.Changes;

namespace ChatOps.Lab;

/// <summary>A gateway that comes under our care by a line in the chat.</summary>
public sealed class RegistrationTests : GatewayTest
{
    [Fact]
    public async Task A_gateway_is_added_by_a_line_and_its_host_key_is_pinned_at_the_first_contact()
    {
        await using var team = await Team.StartAsync(Log, null, null, []);
        Assert.False(await team.SayAsync("operator: vm add vm2 400::100:0:0:2"));
        await team.SaidAsync("there is no gateway yet.");

        Assert.True(await team.SayAsync($"admin: gateway add gw1 {Lab.Gw1V4},{Lab.Gw1V6}"));
        Assert.True(await team.SayAsync("approver: approve 1"));
        await team.SettledAsync();
        var state = await team.StateAsync();
        Assert.True(state.Changes[1].Status is ChangeStatus.Applied, team.Transcript);
        Assert.Equal(Lab.File.Gateways[0].HostKey, state.HostKey);

        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80");
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://{Lab.Gw1V4}/"), StringComparison.Ordinal);
        await AgreedAsync(team);
    }
}
