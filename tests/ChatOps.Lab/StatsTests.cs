using System.Globalization;
using System.Text.RegularExpressions;

namespace ChatOps.Lab;

/// <summary>Statistics: the numbers match the traffic sent, whichever engine carries it.</summary>
[Trait("lab", "traffic")]
public sealed partial class StatsTests : GatewayTest
{
    private const int Requests = 7;
    private const int Upload = 100_000;

    [Theory]
    [InlineData("expose vm2:8080 on 80", Lab.Gw1V6, "IPv6")] // nftables
    [InlineData("expose vm2:8080 on 80", Lab.Gw1V4, "IPv4")] // relay
    [InlineData("expose vm2:8080,vm3:8080 on 80", Lab.Gw1V4, "IPv4")] // HAProxy
    public async Task The_numbers_of_a_port_match_the_traffic_sent(string line, string address, string clients)
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "vm add vm3 400::100:0:0:3", line);
        var url = $"http://{(clients == "IPv6" ? $"[{address}]" : address)}/";
        for (var i = 0; i < Requests; i++)
            (
                await Lab.ExecAsync(
                    "client",
                    "sh",
                    "-c",
                    $"head -c {Upload} /dev/zero | curl -s -g -m 60 -o /dev/null -H Expect: --data-binary @- '{url}'"
                )
            ).Succeeded();

        var seen = await StatsAsync(team, clients, s => s.Opened >= Requests && s.Open == 0);
        Assert.Equal(Requests, seen.Opened);
        Assert.Equal(0, seen.Open);

        // Each byte once, and no more around it than headers of HTTP, TCP and IP: a full segment carries at least 1200 bytes, and is
        // acknowledged at most once.
        const long Sent = (long)Requests * Upload;
        var header = clients == "IPv6" ? 72 : 52;
        Assert.InRange(seen.InBytes, Sent, Sent + (seen.InPackets * (header + 8)) + (Requests * 400));
        Assert.InRange(seen.InPackets, Sent / 65_536, (Sent / 1200) + (Requests * 12));
        Assert.InRange(seen.OutPackets, Requests * 3, seen.InPackets + (Requests * 8));
        Assert.InRange(seen.OutBytes, Requests * 60, (seen.OutPackets * (header + 32)) + (Requests * 400));
    }

    [Fact]
    public async Task Connections_that_are_open_are_counted_and_peers_show_their_handshake()
    {
        var key = (await Lab.CallAsync("pubkey", "vm1")).Succeeded().Text.Trim();
        await using var team = await TeamAsync();
        await team.AppliedAsync($"peer add vm1 {key} 10.1.0.2", "vm add vm1 10.1.0.2", "expose vm1:7000 on 80");
        using var one = OpenConnection.To(Lab.Gw1V4, 80);
        using var two = OpenConnection.To(Lab.Gw1V4, 80);
        Assert.Equal("one", await one.EchoAsync("one"));
        Assert.Equal("two", await two.EchoAsync("two"));
        await StatsAsync(team, "IPv4", s => (s.Open, s.Opened) == (2, 2));
        await team.SayAsync("viewer: stats vm1");
        await Eventually.TrueAsync(() => PeerLine().IsMatch(team.Transcript));
    }

    private static async Task<Figures> StatsAsync(Team team, string clients, Func<Figures, bool> isThere)
    {
        var figures = default(Figures);
        await Eventually.TrueAsync(async () =>
        {
            Assert.True(await team.SayAsync("viewer: stats 80"), team.Transcript);
            await Task.Delay(500);

            // The last answer that stands there.
            if (
                Regex.Match(
                    team.Transcript,
                    $@"{clients} +in +(\d+) packets +(\d+) bytes +(\d+) opened\n +out +(\d+) packets +(\d+) bytes +(\d+) open",
                    RegexOptions.RightToLeft
                )
                is not { Success: true } match
            )
                return false;
            var numbers = match.Groups.Values.Skip(1).Select(g => long.Parse(g.Value, CultureInfo.InvariantCulture)).ToArray();
            figures = new(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
            return isThere(figures);
        });
        return figures;
    }

    [GeneratedRegex(@"peer vm1 +[\d.]+ K?i?B +[\d.]+ K?i?B +handshake \d+ s ago")]
    private static partial Regex PeerLine();

    private readonly record struct Figures(long InPackets, long InBytes, long Opened, long OutPackets, long OutBytes, long Open);
}
