using ChatOps.Gateway.Reading;

namespace ChatOps.GatewaySpecs.Reading;

/// <summary>What of a revision has ended.</summary>
public sealed class LifetimesSpecs
{
    [Fact]
    public void What_ends_at_a_time_is_shut_from_then_on()
    {
        Assert.Equal(1000, Judged(999, "tcp 80 1000").Next);
        Assert.Empty(Judged(999, "tcp 80 1000").Shut);

        var judged = Judged(1000, "tcp 80 1000", "udp 53 2000");
        Assert.Equal([new ShutItem("tcp", "80")], judged.Shut);
        Assert.Equal(["tcp 80 1000"], judged.Fresh);
        Assert.Equal(1000, judged.Next);
    }

    [Fact]
    public void What_lasts_for_a_while_begins_with_the_confirm()
    {
        Assert.Equal(["tcp 80 1060"], Lifetimes.Judge(1060, 1000, [], ["tcp 80 +60"]).Fresh);
        Assert.Equal(1060, Lifetimes.Judge(1000, 0, [], ["tcp 80 +60"]).Next);
        Assert.Empty(Lifetimes.Judge(5000, 0, [], ["tcp 80 +60"]).Shut);
    }

    [Fact]
    public void What_had_ended_stays_so_when_the_clock_is_set_back()
    {
        var judged = Lifetimes.Judge(
            500,
            0,
            ["tcp 80 1000", "web web-app 1000 400::2 8080"],
            ["tcp 80 1000", "web web-app 1000", "web web-app 1000 400::2 8080"]
        );
        Assert.Equal([new ShutItem("tcp", "80"), new ShutItem("web", "web-app")], judged.Shut);
        Assert.Equal(["tcp 80 1000", "web web-app 1000", "web web-app 1000 400::2 8080"], judged.Past);
        Assert.Empty(judged.Fresh);
        Assert.Null(judged.Next);
    }

    [Fact]
    public void A_port_of_several_lines_ends_with_the_last() => Assert.Empty(Judged(1500, "tcp 443 1000", "tcp 443 2000").Shut);

    private static Judgement Judged(long now, params string[] lines) => Lifetimes.Judge(now, 0, [], lines);
}
