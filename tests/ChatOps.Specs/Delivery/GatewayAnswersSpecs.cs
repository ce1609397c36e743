using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Values;
using ChatOps.Delivery.Answers;

namespace ChatOps.Specs.Delivery;

public class GatewayAnswersSpecs
{
    private const string Observed = """
        {"ok":true,"running":8,"confirmed":7,"highest":9,"boot":"b-1","uptime_s":12,"load":[0.126,0.2,0.3],
        "services":{"nginx":"active","haproxy":"absent","wireguard":"active","nftables":"loaded"},"files":{"nftables.nft":"00ff"},
        "peers":[{"key":"K1","handshake":1700000000,"rx":1,"tx":2},{"key":"K2","handshake":0,"rx":0,"tx":0}],
        "conntrack":{"count":3,"max":65536},"wireguard_public_key":"xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=",
        "mycelium":"absent","last_revert":{"at":1}}
        """;

    private const string Counted = """
        {"ok":true,"running":8,"boot":"b-1","uptime_s":12.5,"load":[0.126,0.2,0.3],
        "ports":[[4,17,53,1,60,0,0,1,0],[6,6,80,10,1000,8,9000000000,3,2]],"counters":{"dropped":[7,420],"blocked":[0,0]},
        "peers":[{"key":"xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=","handshake":1700000000,"rx":5,"tx":6}],
        "backends":[{"listener":"tcp-7000-ipv4","server":"vm1","up":false,"current":0,"total":12}],"conntrack":{"count":3,"max":65536}}
        """;

    [Fact]
    public void An_applied_revision_brings_its_timings_and_a_note_for_each_silent_target()
    {
        var answer = GatewayAnswers.Apply(
            """
            {"ok":true,"revision":9,"state":"unconfirmed","running":9,"reverts_in":30,"changed":["nftables.nft"],
            "targets":[{"target":"[400::100:0:0:2]:8080","answers":false},{"target":"10.1.0.2:80","answers":true}],
            "ms":{"validating":21,"switching":18,"checking":4,"total":48},"something_new":[1,{}]}
            """
        );

        var done = Assert.IsType<GatewayAnswer.Done>(answer);
        Assert.Equal("vm target [400::100:0:0:2]:8080 does not answer yet", Assert.Single(done.Notes));
        Assert.Equal(48, done.Steps["total"]);
        Assert.Equal(["checking", "switching", "total", "validating"], done.Steps.Keys);
    }

    [Fact]
    public void A_failure_says_step_code_file_and_what_runs()
    {
        var answer = GatewayAnswers.Apply(
            """{"ok":false,"step":"validating","file":"nginx.conf","error":"unknown directive \u001b[1m\"liste\"\nin line 3","running":8}"""
        );

        Assert.Equal(
            new GatewayAnswer.Refused("validating", "", "nginx.conf: unknown directive [1m\"liste\"\nin line 3", new Revision(8)),
            answer
        );
    }

    [Fact]
    public void A_file_that_the_error_names_already_is_not_named_twice()
    {
        var answer = GatewayAnswers.Apply(
            """{"ok":false,"step":"switching","code":"port-held","file":"nginx.conf","error":"nginx.conf:3: port 80 is held","running":0}"""
        );

        Assert.Equal(new GatewayAnswer.Refused("switching", "port-held", "nginx.conf:3: port 80 is held", new Revision(0)), answer);
    }

    [Fact]
    public void A_gateway_whose_lock_is_held_cannot_be_had_now_and_says_so()
    {
        var e = Assert.Throws<GatewayUnreachableException>(() =>
            GatewayAnswers.Apply("""{"ok":false,"revision":9,"step":"locking","code":"busy","error":"another change is going on"}""")
        );

        Assert.Equal("the gateway is busy: another change is going on", e.Message);
    }

    [Fact]
    public void A_gateway_that_failed_before_it_looked_what_runs_is_no_refusal()
    {
        var e = Assert.Throws<GatewayAnswerException>(() =>
            GatewayAnswers.Apply("""{"ok":false,"revision":9,"step":"receiving","code":"bundle","error":"the bundle is cut off"}""")
        );

        Assert.Equal("the gateway failed while receiving, before it had looked what runs: the bundle is cut off", e.Message);
    }

    [Fact]
    public void A_confirmation_that_came_too_late_is_a_refusal() =>
        Assert.Equal(
            new GatewayAnswer.Refused("confirming", "reverted", "revision 9 was put back", new Revision(8)),
            GatewayAnswers.Confirm("""{"ok":false,"step":"confirming","code":"reverted","error":"revision 9 was put back","running":8}""")
        );

    [Fact]
    public void Confirm_and_revert_are_done_without_notes()
    {
        Assert.Empty(Assert.IsType<GatewayAnswer.Done>(GatewayAnswers.Confirm("""{"ok":true,"revision":9,"state":"confirmed"}""")).Notes);
        Assert.Empty(Assert.IsType<GatewayAnswer.Done>(GatewayAnswers.Revert("""{"ok":true,"running":8}""")).Notes);
    }

    [Fact]
    public void An_observation_is_read_whole()
    {
        var seen = GatewayAnswers.Observe(Observed);

        Assert.Equal((8, 7), (seen.Running.Number, seen.Confirmed.Number));
        Assert.Equal(("b-1", TimeSpan.FromSeconds(12), 13), (seen.BootId, seen.Uptime, seen.Load));
        Assert.Equal("loaded", seen.Services["nftables"]);
        Assert.Equal((3, 65536), (seen.ConntrackCount, seen.ConntrackMax));
        Assert.Equal("xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=", seen.WireGuardKey.ToString());
    }

    [Fact]
    public void Certificates_that_lie_there_are_read_and_an_older_program_says_nothing_of_them()
    {
        Assert.Null(GatewayAnswers.Observe(Observed).Held);
        var held = GatewayAnswers
            .Observe(
                Observed.Replace(
                    "\"mycelium\"",
                    """
                    "held_certificates":[{"name":"shop","begins":1700000000,"ends":1800000000,"hosts":["a.example.com","*.b.example.com"]},
                    {"name":"../shop","begins":1,"ends":2,"hosts":[]}],"mycelium"
                    """,
                    StringComparison.Ordinal
                )
            )
            .Held;
        var shop = Assert.Single(held!.Value);
        Assert.Equal(("shop", 1800000000), ($"{shop.Name}", shop.Ends.ToUnixTimeSeconds()));
        Assert.Equal(["a.example.com", "*.b.example.com"], shop.Hosts.AsEnumerable());
    }

    [Fact]
    public void A_peer_that_never_shook_hands_has_no_time_of_it() =>
        Assert.Equal(
            [KeyValuePair.Create("K1", DateTimeOffset.FromUnixTimeSeconds(1700000000))],
            GatewayAnswers.Observe(Observed).Handshakes
        );

    [Fact]
    public void A_gateway_without_wireguard_has_no_key_of_it() =>
        Assert.Null(
            GatewayAnswers
                .Observe(Observed.Replace("xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=", "", StringComparison.Ordinal))
                .WireGuardKey
        );

    [Fact]
    public void Drift_is_what_differs_and_by_how_much() =>
        Assert.Equal(
            [new Drift("nginx.conf", "-a\n+b")],
            GatewayAnswers.Drift("""{"ok":true,"running":8,"drift":[{"what":"nginx.conf","diff":"-a\n+b"}]}""").ToArray()
        );

    [Fact]
    public void A_question_that_comes_in_the_middle_of_a_change_is_to_be_asked_again()
    {
        var e = Assert.Throws<GatewayUnreachableException>(() =>
            GatewayAnswers.Drift("""{"ok":false,"step":"looking","code":"busy","error":"a change is going on","running":8}""")
        );

        Assert.Equal("the gateway is busy: a change is going on", e.Message);
    }

    [Fact]
    public void Statistics_are_read_whole()
    {
        var stats = GatewayAnswers.Stats(Counted);

        Assert.Equal(
            [
                new PortStats(Family.IPv6, new PublicPort(Protocol.Tcp, new Port(80)), new(10, 1_000), new(8, 9_000_000_000), 3, 2),
                new PortStats(Family.IPv4, new PublicPort(Protocol.Udp, new Port(53)), new(1, 60), new(0, 0), 1, 0),
            ],
            stats.Ports.OrderBy(p => p.Port.Port.Number == 53).ToArray()
        );
        Assert.Equal(new Volume(7, 420), stats.Counters["dropped"]);
        Assert.Equal(
            (DateTimeOffset.FromUnixTimeSeconds(1700000000), 5L, 6L),
            (stats.Peers[0].Handshake, stats.Peers[0].Received, stats.Peers[0].Sent)
        );
        Assert.Equal([new BackendStats("tcp-7000-ipv4", "vm1", false, 0, 12)], stats.Backends.ToArray());
        Assert.Equal((3, 65536, 13), (stats.ConntrackCount, stats.ConntrackMax, stats.Load));
    }

    [Theory]
    [InlineData("[4,6,80,10,1000,8,9000000000,3,2]", "[5,6,80,10,1000,8,9000000000,3,2]", "row of a port")]
    [InlineData("[4,17,53,1,60,0,0,1,0]", "[4,17,0,1,60,0,0,1,0]", "row of a port")]
    [InlineData("[7,420]", "[7]", "counter dropped")]
    public void A_figure_that_cannot_be_is_no_answer(string right, string wrong, string member)
    {
        var output = Counted.Replace("[6,6,", "[4,6,", StringComparison.Ordinal);
        Assert.Contains(right, output, StringComparison.Ordinal);

        var e = Assert.Throws<GatewayAnswerException>(() => GatewayAnswers.Stats(output.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Contains(member, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"ok":true,"revision":9,"state":"unconfirmed","running":9}""", "ms")]
    [InlineData("""{"ok":true,"state":"unconfirmed","running":9,"ms":{}}""", "revision")]
    [InlineData("""{"ok":false,"step":"fencing","running":9}""", "error")]
    [InlineData("""{"ok":false,"step":null,"error":"e","running":9}""", "step")]
    [InlineData("""{"revision":9}""", "ok")]
    public void A_missing_member_is_named(string output, string member)
    {
        var e = Assert.Throws<GatewayAnswerException>(() => GatewayAnswers.Apply(output));

        Assert.Contains(member, e.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(output, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Welcome to Debian!")]
    [InlineData("{\"ok\":true")]
    [InlineData("{\"ok\":true,\"running\":8} and more")]
    [InlineData("null")]
    [InlineData("[]")]
    public void What_is_not_one_json_object_is_shown(string output)
    {
        var e = Assert.Throws<GatewayAnswerException>(() => GatewayAnswers.Revert(output));

        Assert.EndsWith(": " + output, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_shown_of_junk_has_no_control_characters_and_an_end()
    {
        var e = Assert.Throws<GatewayAnswerException>(() => GatewayAnswers.Observe("\u001b[31m\a\n" + new string('x', 5000)));

        Assert.DoesNotContain(e.Message, char.IsControl);
        Assert.EndsWith("[31m" + new string('x', 296), e.Message, StringComparison.Ordinal);
    }
}
