namespace ChatOps.Lab;

/// <summary>Undo: <c>undo N</c>, <c>rollback to REVISION</c>, planned and approved like any change.</summary>
public sealed class UndoTests : GatewayTest
{
    [Fact]
    public async Task Undo_makes_what_one_change_did_so_no_more_and_what_came_after_it_stays()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync(
            "vm add vm2 400::100:0:0:2",
            "vm add vm3 400::100:0:0:3",
            "expose vm2:8080 on 80",
            "unexpose 80",
            "expose vm3:8080 on 81"
        );
        Assert.Null(await Lab.GlanceAsync($"http://{Lab.Gw1V4}/"));
        await team.AppliedAsync("undo 4");
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://{Lab.Gw1V4}/"), StringComparison.Ordinal);
        Assert.StartsWith("vm3 saw ", await Lab.CurlAsync($"http://{Lab.Gw1V4}:81/"), StringComparison.Ordinal);
        await team.AppliedAsync("undo 3");
        Assert.Null(await Lab.GlanceAsync($"http://{Lab.Gw1V4}/"));
        await AgreedAsync(team);
    }

    [Fact]
    public async Task Rollback_makes_everything_as_it_was_and_keeps_what_was_there_then()
    {
        await using var team = await TeamAsync();
        await team.AppliedAsync("vm add vm2 400::100:0:0:2", "expose vm2:8080 on 80", "expose vm2:7000 on 7000");
        using var connection = OpenConnection.To(Lab.Gw1V4, 7000);
        Assert.Equal("then", await connection.EchoAsync("then"));
        await team.AppliedAsync("unexpose 80", "vm add vm3 400::100:0:0:3", "expose vm3:8080 on 81", "expose vm3:8080 on 80");
        Assert.StartsWith("vm3 saw ", await Lab.CurlAsync($"http://[{Lab.Gw1V6}]:81/"), StringComparison.Ordinal);
        await team.AppliedAsync("rollback to 3");
        Assert.StartsWith("vm2 saw ", await Lab.CurlAsync($"http://{Lab.Gw1V4}/"), StringComparison.Ordinal);
        Assert.Null(await Lab.GlanceAsync($"http://{Lab.Gw1V4}:81/"));
        Assert.Equal("still", await connection.EchoAsync("still"));
        await AgreedAsync(team);
    }
}
