using System.Diagnostics;
using System.Globalization;

namespace ChatOps.Lab;

/// <summary>Port forward, sets and ranges, shifted ranges: first, middle and last port, for both families of clients.</summary>
[Trait("lab", "traffic")]
public sealed class RangeTests : GatewayTest
{
    // Says the port that was asked, on each port of a range.
    private const string Server = """
        import asyncio, sys

        def answer(port):
            async def serve(reader, writer):
                writer.write(f"{port}\n".encode())
                await writer.drain()
                writer.close()
            return serve

        async def main():
            for port in map(int, sys.argv[1:]):
                for host in ("0.0.0.0", "::"):
                    await asyncio.start_server(answer(port), host, port)
            print("ready", flush=True)
            await asyncio.Event().wait()

        asyncio.run(main())
        """;

    [Fact]
    public async Task A_shifted_range_leads_port_by_port()
    {
        using var server = await ServeAsync("vm1", Enumerable.Range(9000, 10));
        await using var team = await TeamAsync();
        await Probe.AddVm1Async(team);
        await team.AppliedAsync("expose vm1:9000-9009 on 19000-19009");
        foreach (var address in new[] { Lab.Gw1V4, Lab.Gw1V6 })
        {
            Assert.Equal("9000", await AskAsync(address, 19000));
            Assert.Equal("9005", await AskAsync(address, 19005));
            Assert.Equal("9009", await AskAsync(address, 19009));
            Assert.Equal("", await AskAsync(address, 18999));
            Assert.Equal("", await AskAsync(address, 19010));
            Assert.Equal("", await AskAsync(address, 9000));
        }

        await team.AppliedAsync("unexpose 19005");
        Assert.Equal("", await AskAsync(Lab.Gw1V4, 19005));
        Assert.Equal("9006", await AskAsync(Lab.Gw1V4, 19006));
        server.Kill(entireProcessTree: true);
        await AgreedAsync(team);
    }

    [Fact]
    public async Task A_set_and_a_range_of_the_same_numbers_lead_port_by_port()
    {
        using var server = await ServeAsync("vm2", [80, 443, 9100, 9101, 9102]);
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:80,443 on 80,443", "expose vm2:9100-9102 on 9100-9102");
        foreach (var address in new[] { Lab.Gw1V4, Lab.Gw1V6 })
        {
            foreach (var port in new[] { 80, 443, 9100, 9101, 9102 })
                Assert.Equal(port.ToString(CultureInfo.InvariantCulture), await AskAsync(address, port));
        }

        await team.AppliedAsync("unexpose 80,443", "unexpose 9100-9102");
        foreach (var port in new[] { 80, 443, 9100, 9102 })
            Assert.Equal("", await AskAsync(Lab.Gw1V4, port));
        server.Kill(entireProcessTree: true);
        await AgreedAsync(team);
    }

    [Fact]
    public async Task Ten_thousand_ports_of_a_vm_without_an_ipv4_address_and_one_more()
    {
        using var server = await ServeAsync("vm2", [20000, 24567, 29999]);
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2");
        for (var first = 20000; first < 30000; first += 1000)
            await team.AcceptAsync($"expose vm2:{first}-{first + 999} on {first}-{first + 999}");
        await team.SettledAsync();
        await team.AppliedAsync("expose vm2:8080 on 80");
        Assert.Equal(10_001, (await team.StateAsync()).Running.Exposures.Count);
        foreach (var port in new[] { 20000, 24567, 29999 })
        {
            foreach (var address in new[] { Lab.Gw1V4, Lab.Gw1V6 })
                Assert.Equal(port.ToString(CultureInfo.InvariantCulture), await AskAsync(address, port));
        }

        Assert.StartsWith("vm2 saw ", await Probe.FetchAsync("client", $"http://{Lab.Gw1V4}/"), StringComparison.Ordinal);
        server.Kill(entireProcessTree: true);
        Assert.Empty(await DriftAsync());
        await AgreedAsync(team);
    }

    private static async Task<Process> ServeAsync(string vm, IEnumerable<int> ports)
    {
        var server = Lab.StartIn(vm, ["python3", "-c", Server, .. ports.Select(p => p.ToString(CultureInfo.InvariantCulture))]);
        Assert.Equal("ready", await server.StandardOutput.ReadLineAsync());
        return server;
    }

    private static async Task<string> AskAsync(string address, int port) =>
        (await Lab.ExecAsync("client", "nc", "-n", "-d", "-w", "2", address, port.ToString(CultureInfo.InvariantCulture))).Text.Trim();
}
