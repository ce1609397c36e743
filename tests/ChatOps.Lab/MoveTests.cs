namespace ChatOps.Lab;

/// <summary>A VM gets another address: whatever leads to it leads there, by one change.</summary>
[Trait("lab", "traffic")]
public sealed class MoveTests : GatewayTest
{
    private const string App = "app.example.com",
        Shop = "shop.example.com";

    [Fact]
    public async Task Ten_ports_of_all_kinds_move_with_their_vm_at_once_and_another_vms_clients_do_not_notice()
    {
        await using var team = await TeamAsync();
        await Probe.AddVm1Async(team);
        await team.AppliedAsync(
            "vm add vm2 400::100:0:0:2",
            "expose vm2:8080 on 8201",
            "expose vm2:8080 on 8202",
            "expose vm2:7000 on 8203",
            "expose vm2:7000 on 8204",
            "expose vm2:5353 on 6001 udp",
            "expose vm2:5353 on 6002 udp",
            "expose vm2:7001 on 7001 proxy-protocol",
            "expose vm2:8080,vm1:8080 on 7100 balanced",
            $"expose vm2:8080 on {App}",
            $"expose vm2:8080 on {Shop}/api",
            "expose vm1:8080 on 8300"
        );
        using var over4 = Poller.Start($"http://{Lab.Gw1V4}:8300/");
        using var over6 = Poller.Start($"http://[{Lab.Gw1V6}]:8300/");
        var before = (await team.StateAsync()).NextNumber;
        try
        {
            // Who would still be led there finds nobody.
            (await Lab.CallAsync("stop", "vm2")).Succeeded();
            await team.AppliedAsync("vm change vm2 400::100:0:0:3");
            Assert.Equal(before + 1, (await team.StateAsync()).NextNumber);
            Assert.Empty(await over4.StopAsync());
            Assert.Empty(await over6.StopAsync());
            foreach (var (address, host) in new[] { (Lab.Gw1V4, Lab.Gw1V4), (Lab.Gw1V6, $"[{Lab.Gw1V6}]") })
            {
                foreach (var url in (string[])[$"http://{host}:8201/", $"http://{host}:8202/", $"http://{App}/", $"http://{Shop}/api"])
                    Assert.StartsWith("vm3 saw ", (await CurlAsync(host, url)).Text, StringComparison.Ordinal);
                Assert.Equal(
                    ["hello", "hello"],
                    await Task.WhenAll(Lab.EchoAsync(address, 8203, "hello"), Lab.EchoAsync(address, 8204, "hello"))
                );
                Assert.Equal(
                    ["hello", "hello"],
                    await Task.WhenAll(Lab.EchoAsync(address, 6001, "hello", udp: true), Lab.EchoAsync(address, 6002, "hello", udp: true))
                );
                using var told = OpenConnection.To(address, 7001);
                Assert.StartsWith("vm3: PROXY v1 ", await told.EchoAsync("hello"), StringComparison.Ordinal);
                await Eventually.TrueAsync(async () =>
                    (await CurlAsync(host, $"http://{host}:7100/")).Text.StartsWith("vm3 saw ", StringComparison.Ordinal)
                );
            }

            Assert.Empty(await DriftAsync());
            await AgreedAsync(team);
        }
        finally
        {
            (await Lab.CallAsync("start", "vm2")).Succeeded();
        }
    }

    private static Task<Output> CurlAsync(string address, string url) =>
        Lab.ExecAsync(
            "client",
            "curl",
            "-s",
            "-g",
            "-m",
            "60",
            "--resolve",
            $"{App}:80:{address}",
            "--resolve",
            $"{Shop}:80:{address}",
            url
        );
}
