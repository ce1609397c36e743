using System.Diagnostics;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Lab;

/// <summary>The Azurite edition against the real gateway, as <c>./run --azurite</c> starts it.</summary>
[Trait("lab", "installed")]
public sealed class AzuriteEditionTests : GatewayTest
{
    [Fact]
    public async Task A_script_of_lines_opens_a_port_through_three_processes()
    {
        var output = await RunAsync(
            "operator: vm add vm2 400::100:0:0:2",
            "approver: approve 1",
            "operator: expose vm2:8080 on 80",
            "approver: approve 2",
            "viewer: status"
        );
        output.Succeeded();
        Assert.Contains("#2 · open tcp 80 -> vm2:8080 on gw1 · confirmed · revision 2", output.Text, StringComparison.Ordinal);
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://{Lab.Gw1V4}/"), StringComparison.Ordinal);
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://[{Lab.Gw1V6}]/"), StringComparison.Ordinal);
        Assert.Equal(new Revision(2), (await ObserveAsync()).Confirmed);

        // Another start goes on with the same log, and a refusal ends with 1.
        var again = await RunAsync("operator: expose vm9:8080 on 81", "operator: unexpose 80", "approver: approve 3");
        Assert.Equal(1, again.Code);
        Assert.Contains("no VM vm9 behind gw1.", again.Text, StringComparison.Ordinal);
        Assert.Contains("confirmed · revision 3", again.Text, StringComparison.Ordinal);
        Assert.Null(await Lab.GlanceAsync($"http://{Lab.Gw1V4}/"));
    }

    private Task<Output> RunAsync(params string[] lines)
    {
        var lab = Path.GetFileName(Path.GetDirectoryName(Lab.Json))!;
        var start = new ProcessStartInfo(
            "bash",
            [Path.Combine(Lab.Root(), "run"), "--azurite", "--data", Path.Combine(Path.GetDirectoryName(Log)!, "azurite")]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["CHATOPS_LAB"] = lab },
        };
        var process = Process.Start(start)!;
        foreach (var line in lines)
            process.StandardInput.WriteLine(line);
        return Output.OfAsync(process);
    }
}
