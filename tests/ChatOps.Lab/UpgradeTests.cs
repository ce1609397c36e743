using System.Diagnostics;
using ChatOps.Core.Domain.Changes;

namespace ChatOps.Lab;

/// <summary>
/// A gateway whose program is older than this one: nothing is changed on it, it is said what to do, and that is done while it serves.
/// </summary>
public sealed class UpgradeTests : ReconcileTest
{
    // One that does its work as ever, and speaks protocol 1.
    private const string Older = """
        #!/bin/sh
        case $SSH_ORIGINAL_COMMAND$1 in
          version) echo "{\"ok\":true,\"version\":\"1\",\"protocol\":1}" ;;
          *) exec /usr/local/sbin/chatops-gateway.real "$@" ;;
        esac
        """;

    [Fact]
    public async Task An_older_program_is_named_and_the_line_that_made_the_gateway_renews_it_under_traffic()
    {
        await using (var before = await TeamAsync())
            await before.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80");
        // By rename, as everything that puts a program into its place: the one that is there may be running.
        (
            await Lab.ExecAsync(
                "gw1",
                "sh",
                "-ec",
                $"""
                echo '{Older}' >/usr/local/sbin/chatops-gateway.new
                sed -i 's/^[ ]*//' /usr/local/sbin/chatops-gateway.new
                chmod 0755 /usr/local/sbin/chatops-gateway.new
                cp -p /usr/local/sbin/chatops-gateway /usr/local/sbin/chatops-gateway.real
                mv -T /usr/local/sbin/chatops-gateway.new /usr/local/sbin/chatops-gateway
                """
            )
        ).Succeeded();

        await using var team = await WatchingAsync();
        using var poller = Poller.Start($"http://{Lab.Gw1V4}/");
        await AlertedAsync(team, "program");
        var failed = Assert.IsType<ChangeStatus.Failed>(await team.DoAsync("expose vm2:8080 on 81"));
        Assert.StartsWith("the program on gw1 speaks protocol 1, this ChatOps ", failed.Result.Error, StringComparison.Ordinal);

        await SetUpAgainAsync();
        await ClearedAsync(team, "program");
        await team.AppliedAsync("expose vm2:8080 on 81");
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://{Lab.Gw1V4}:81/"), StringComparison.Ordinal);
        Assert.Empty(await DriftAsync());
        Assert.Empty(await poller.StopAsync());
    }

    // As the line does it: infra/gateway/pack --authorized-key KEY | ssh root@ADDRESS sh -s -- --name gw1
    private static async Task SetUpAgainAsync()
    {
        var key = Path.Combine(Path.GetDirectoryName(Lab.Json)!, "controller_ed25519.pub");
        var pack = new ProcessStartInfo(Path.Combine(Lab.Root(), "infra", "gateway", "pack"), ["--authorized-key", key])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var packed = (await Output.OfAsync(Process.Start(pack)!)).Succeeded();
        var setUp = Lab.StartIn("gw1", "sh", "-s", "--", "--name", "gw1");
        await setUp.StandardInput.WriteAsync(packed.Text);
        (await Output.OfAsync(setUp)).Succeeded();
    }
}
