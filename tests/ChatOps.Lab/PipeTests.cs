using System.Runtime.InteropServices;
using ChatOps.Core.Domain.Changes;

namespace ChatOps.Lab;

/// <summary>The program as a person starts it, with lines from a pipe.</summary>
[Trait("lab", "traffic")]
public sealed partial class PipeTests : GatewayTest
{
    private const int Interrupt = 2;

    [Fact]
    public async Task A_script_of_lines_opens_a_port()
    {
        var output = await Controller.SayAsync(
            Log,
            "operator: vm add vm2 400::100:0:0:2",
            "approver: approve 1",
            "operator: expose vm2:8080 on 80",
            "approver: approve 2",
            "approver: audit"
        );
        output.Succeeded();
        Assert.Contains(
            "IPv4 clients: HAProxy to [400::100:0:0:2]:8080, because vm2 has no IPv4 address",
            output.Text,
            StringComparison.Ordinal
        );
        foreach (
            var step in new[]
            {
                "rendering (1 of 5)",
                "validating (2 of 5)",
                "switching (3 of 5)",
                "verifying (4 of 5)",
                "confirmed · revision 2",
            }
        )
            Assert.Contains(step, output.Text, StringComparison.Ordinal);
        Assert.Matches("#2 +applied +apply +revision 2", output.Text);
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://{Lab.Gw1V4}/"), StringComparison.Ordinal);
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://[{Lab.Gw1V6}]/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_line_ends_with_1()
    {
        var output = await Controller.SayAsync(Log, "operator: expose vm2:8080 on 80", "status");
        Assert.Equal(1, output.Code);
        Assert.Contains("no VM vm2 behind gw1", output.Text, StringComparison.Ordinal);
        Assert.Contains("gw1 · revision 0", output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_in_the_middle_loses_nothing()
    {
        using var process = Controller.Start(Log);
        await process.StandardInput.WriteLineAsync("operator: vm add vm2 400::100:0:0:2\napprover: approve 1");
        await process.StandardInput.FlushAsync();
        await Eventually.TrueAsync(async () => File.Exists(Log) && (await Team.StateOfAsync(Log)).LastRevision.Number == 1);
        Assert.Equal(0, Kill(process.Id, Interrupt));
        await process.WaitForExitAsync(Patience.Token);
        Assert.Contains("stopped.", await process.StandardError.ReadToEndAsync(), StringComparison.Ordinal);

        await using var team = await TeamAsync();
        await team.SettledAsync();
        Assert.IsType<ChangeStatus.Applied>((await team.StateAsync()).Changes[1].Status);
        await AgreedAsync(team);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
