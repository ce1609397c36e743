using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Datagrams;
using ChatOps.Gateway.Running;

namespace ChatOps.GatewaySpecs.Datagrams;

/// <summary>Who of several VMs gets a client, by a clock of its own.</summary>
public sealed class ShareSpecs
{
    private readonly List<string> _said = [];
    private readonly Target[] _vms = [.. Enumerable.Range(2, 3).Select(i => new Target(new Endpoint(Ip.Parse($"10.1.0.{i}"), 53)))];
    private readonly Share _share;

    public ShareSpecs() => _share = new(_vms, _said.Add);

    [Fact]
    public void Each_has_its_turn() => Assert.Equal([0, 1, 2, 0, 1, 2], Next(6, now: 0));

    [Fact]
    public void In_a_protocol_without_answers_nobody_is_left_out()
    {
        for (var now = 0; now < 1_000_000; now += Share.Patience)
            _share.Unanswered(_vms[0], now);
        Assert.Equal([0, 1, 2], Next(3, now: 1_000_000));
        Assert.Empty(_said);
    }

    [Fact]
    public void Who_does_not_answer_twice_while_others_do_is_left_out()
    {
        _share.Answered(_vms[1], 0);
        _share.Unanswered(_vms[0], 1_000);
        Assert.Contains(0, Next(3, now: 1_000));
        _share.Unanswered(_vms[0], 2_000);
        Assert.Equal([1, 2], Next(6, now: 2_000).Distinct().Order());
        Assert.Equal(["10.1.0.2:53 does not answer, and others do: the other VMs have its clients"], _said);
    }

    [Fact]
    public void An_answer_in_between_makes_up_for_a_miss()
    {
        _share.Answered(_vms[1], 0);
        for (var now = 0; now < 10_000; now += 1_000)
        {
            _share.Unanswered(_vms[0], now);
            _share.Answered(_vms[0], now);
        }

        Assert.Equal([0, 1, 2], Next(3, now: 10_000));
    }

    [Fact]
    public void One_client_tries_who_was_left_out_and_waits_longer_each_time()
    {
        _share.Answered(_vms[1], 0);
        _share.Unanswered(_vms[0], 0);
        _share.Unanswered(_vms[0], 0);
        var pauses = new List<int>();
        var (now, last) = (0, 0);
        while (pauses.Count < 5)
        {
            now += 1_000;
            _share.Answered(_vms[1], now);
            if (!Next(3, now).Contains(0))
                continue;
            Assert.DoesNotContain(0, Next(6, now));
            pauses.Add(now - last);
            now += Share.Patience;
            last = now;
            _share.Unanswered(_vms[0], now);
        }

        Assert.Equal([10_000, 20_000, 40_000, 60_000, 60_000], pauses);
        _share.Answered(_vms[0], now);
        Assert.Equal([0, 1, 2], Next(3, now).Order());
        Assert.Equal("10.1.0.2:53 answers again", _said[^1]);
    }

    [Fact]
    public void When_all_are_left_out_all_are_taken()
    {
        foreach (var vm in _vms)
            _share.Refused(vm, 0);
        Assert.Equal([0, 1, 2], Next(6, now: 0).Distinct().Order());
        Assert.NotEqual(_vms[1], _share.Next(0, other: _vms[1]));
    }

    [Fact]
    public void One_alone_is_never_left_out()
    {
        var share = new Share(_vms[..1], _said.Add);
        share.Refused(_vms[0], 0);
        Assert.Equal(_vms[0], share.Next(0));
        Assert.Equal(_vms[0], share.Next(0, other: _vms[0]));
        Assert.Empty(_said);
    }

    private int[] Next(int times, int now) => [.. Enumerable.Range(0, times).Select(_ => Array.IndexOf(_vms, _share.Next(now)))];
}
