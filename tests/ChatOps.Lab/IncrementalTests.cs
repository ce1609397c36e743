using ChatOps.Core.Ports;
using ChatOps.Delivery.Ssh;

namespace ChatOps.Lab;

/// <summary>Only the difference is loaded, what it leads to is what a full load leads to, and nothing else notices.</summary>
public sealed class IncrementalTests : GatewayTest
{
    [Fact]
    public async Task Elements_that_come_and_go_lead_to_the_same_table_as_a_full_load()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "vm add vm3 400::100:0:0:3", "expose vm2:7000 on 7000");
        var table = await TableAsync();
        using var running = OpenConnection.To(Lab.Gw1V6, 7000);
        Assert.Equal("before", await running.EchoAsync("before"));

        // The first and the last element of a set, a port that leads elsewhere, one to both VMs, UDP.
        await team.AppliedAsync("expose vm2:5353 on 53 udp", "expose vm3:8080 on 80", "unexpose 53/udp", "unexpose 80", "expose vm2:8080 on 80");
        await team.AppliedAsync("expose vm2:7000,vm3:7000 on 7001", "unexpose 7001", "expose vm3:7000 on 7001");

        Assert.Equal(table, await TableAsync());
        Assert.Empty(await DriftAsync());
        Assert.Equal("after", await running.EchoAsync("after"));
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://[{Lab.Gw1V6}]/"), StringComparison.Ordinal);
        await AgreedAsync(team);
    }

    [Fact]
    public async Task What_was_edited_on_the_gateway_makes_all_of_it_travel_and_the_file_comes_back()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80");
        (await Lab.ExecAsync("gw1", "sed", "-i", "s/policy accept/policy  accept/", "/var/lib/chatops/current/nftables.nft")).Succeeded();

        await team.AppliedAsync("expose vm2:8080 on 81");

        Assert.NotEmpty((await Lab.ExecAsync("gw1", "journalctl", "-q", "-t", "chatops", "--grep", "refused while patching: base")).Text);
        Assert.Equal(1, (await Lab.ExecAsync("gw1", "grep", "-q", "policy  accept", "/var/lib/chatops/current/nftables.nft")).Code);
        Assert.Empty(await DriftAsync());
        await AgreedAsync(team);
    }

    // The kernel gives each table a handle of its own, so one that was replaced has another.
    private static async Task<string> TableAsync() =>
        (await Lab.ExecAsync("gw1", "nft", "-a", "-t", "list", "table", "inet", "chatops")).Succeeded().Text.Split('\n')[0];

    private static async Task<Drift[]> DriftAsync()
    {
        var lab = Lab.File;
        await using var shell = new SshGatewayShell(lab.Ssh);
        return [.. await shell.DriftAsync(lab.Gateways[0], default)];
    }
}
