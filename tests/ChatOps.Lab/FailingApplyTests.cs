using ChatOps.Core.Domain.Changes;
using ChatOps.Operations.Applying;

namespace ChatOps.Lab;

/// <summary>Whatever goes wrong, what was confirmed goes on serving: a client polls through it all and sees no failed request.</summary>
public sealed class FailingApplyTests : GatewayTest
{
    // Long enough for a slow machine, short enough for a test.
    private static readonly ApplyOptions Short = new(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(30));

    // Since each touches nothing, all of them have the same gateway.
    [Fact]
    public async Task A_template_that_breaks_a_file_touches_nothing()
    {
        await ServeAsync();
        await FailsAsync("nftables/nftables.nft.sbn", "chain forward {", "chain fwd {", "validating", "nftables.nft");
        await FailsAsync(
            "nginx/nginx.conf.sbn",
            "proxy_connect_timeout 5s;",
            "proxy_connect_timeout soon;",
            "validating",
            "nginx.conf",
            "expose vm2:8443 on app.example.com passthrough"
        );
        await FailsAsync(
            "udprelay/port.sbn",
            "to {{ target }}",
            "to 203.0.113.10:22",
            "validating",
            "udprelay.conf",
            "expose vm2:5353 on 54 udp"
        );
        await FailsAsync("haproxy/haproxy.cfg.sbn", "timeout connect 5s", "timeout connect soon", "validating", "haproxy.cfg");
        await FailsAsync("haproxy/relay.sbn", "{{ address }}", "203.0.113.10", "validating", "relay4.map");
        await FailsAsync("sysctl/sysctl.conf.sbn", "net.ipv4.ip_forward=1", "kernel.core_pattern=|/bin/sh", "validating", "sysctl.conf");
        await FailsAsync("haproxy/relay.sbn", "{{ port }}", "{{ prt }}", "rendering", "prt");
    }

    [Fact]
    public async Task A_port_that_a_stranger_holds_is_named_with_its_holder()
    {
        await ServeAsync();
        await IsHeldAsync("expose vm2:8080 on 81", "-l 81", "tcp 81 is held by nc");
        // Whoever listens on loopback alone keeps an engine from listening everywhere, and no packet from being led on.
        await IsHeldAsync("expose vm2:5353 on 54 udp", "-u -l 127.0.0.1 54", "udp 54 is held by nc");
        await IsHeldAsync("expose vm2:7000,vm2:7001 on 7100 balanced", "-l 400::100:0:0:1 7100", "tcp 7100 is held by nc");
        await IsHeldAsync("expose vm2:8443 on app.example.com passthrough", "-l 127.0.0.1 443", "tcp 443 is held by nc");
    }

    private async Task FailsAsync(
        string template,
        string text,
        string replacement,
        string step,
        string said,
        string line = "expose vm2:8080 on 81"
    )
    {
        await using var team = await TeamAsync(TemplatesWith(template, text, replacement));
        using var poller = Poller.Start($"http://{Lab.Gw1V4}/");
        var failed = Assert.IsType<ChangeStatus.Failed>(await team.DoAsync(line));
        Assert.Equal(step, failed.Result.Step);
        Assert.Contains(said, failed.Result.Error, StringComparison.Ordinal);
        await NobodyNoticedAsync(poller, team);
    }

    private async Task IsHeldAsync(string line, string listen, string said)
    {
        using var stranger = Lab.StartIn("gw1", ["nc", "-k", .. listen.Split(' ')]);
        await Eventually.TrueAsync(async () =>
            (await Lab.ExecAsync("gw1", "ss", "-Hlntup")).Text.Contains("\"nc\"", StringComparison.Ordinal)
        );
        await using var team = await TeamAsync();
        using var poller = Poller.Start($"http://{Lab.Gw1V4}/");
        var failed = Assert.IsType<ChangeStatus.Failed>(await team.DoAsync(line));
        Assert.StartsWith(said, failed.Result.Error, StringComparison.Ordinal);
        await NobodyNoticedAsync(poller, team);
        stranger.Kill(entireProcessTree: true);
        (await Lab.ExecAsync("gw1", "pkill", "-x", "nc")).Succeeded();
    }

    [Fact]
    public async Task A_rule_that_shuts_ssh_out_is_taken_back_by_the_gateway_itself()
    {
        await ServeAsync();
        await using (
            var team = await TeamAsync(
                TemplatesWith("nftables/nftables.nft.sbn", "tcp dport {{ ssh_port }} accept", "tcp dport {{ ssh_port }} drop"),
                Short
            )
        )
        {
            using var poller = Poller.Start($"http://{Lab.Gw1V4}/");
            var failed = Assert.IsType<ChangeStatus.Failed>(await team.DoAsync("expose vm2:8080 on 81"));
            Assert.Equal("verifying", failed.Result.Step);
            Assert.Contains(
                "\"by\":\"timer\"",
                (await Lab.ExecAsync("gw1", "cat", "/var/lib/chatops/last-revert")).Text,
                StringComparison.Ordinal
            );
            await team.SaidAsync("revision 2 still runs");
            await NobodyNoticedAsync(poller, team);
        }

        await using var again = await TeamAsync();
        await again.AppliedAsync("expose vm2:8080 on 81");
    }

    [Fact]
    public async Task A_rule_that_shuts_out_only_new_connections_is_taken_back_over_the_open_one()
    {
        await ServeAsync();
        var templates = TemplatesWith(
            "nftables/nftables.nft.sbn",
            "tcp dport {{ ssh_port }} accept",
            "tcp dport {{ ssh_port }} ct state new drop\n    tcp dport {{ ssh_port }} accept"
        );
        await using var team = await TeamAsync(templates);
        using var poller = Poller.Start($"http://{Lab.Gw1V4}/");
        var failed = Assert.IsType<ChangeStatus.Failed>(await team.DoAsync("expose vm2:8080 on 81"));
        Assert.Equal("verifying", failed.Result.Step);
        Assert.Contains("the old configuration was put back", failed.Result.Error, StringComparison.Ordinal);
        await NobodyNoticedAsync(poller, team);
    }

    // vm2 is served on port 80, by an edition with good templates that has gone since.
    private async Task ServeAsync()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80");
        Assert.NotNull(await Lab.CurlAsync($"http://{Lab.Gw1V4}/"));
    }

    private static async Task NobodyNoticedAsync(Poller poller, Team team)
    {
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://[{Lab.Gw1V6}]/"), StringComparison.Ordinal);
        Assert.Null(await Lab.GlanceAsync($"http://{Lab.Gw1V4}:81/"));
        Assert.Empty(await poller.StopAsync());
        await AgreedAsync(team);
    }
}
