using ChatOps.Gateway.Datagrams;

namespace ChatOps.GatewaySpecs.Datagrams;

/// <summary>The relay of UDP, with datagrams.</summary>
public sealed class DatagramRelaySpecs
{
    private readonly int _port = RunningRelay.FreePort();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.2")]
    public void An_answer_comes_from_the_address_that_was_asked(string asked)
    {
        using var relay = new RunningRelay();
        using var vm = Talker.Here();
        using var client = Talker.Here();
        Assert.Null(relay.Load($"listen 0.0.0.0:{_port}", $"to 127.0.0.1:{vm.Port}"));
        client.Send("hello", asked, _port);
        vm.Answer("vm: ");
        var (text, from) = client.Receive();
        Assert.Equal(("vm: hello", $"{asked}:{_port}"), (text, $"{from}"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Clients_of_one_version_reach_vms_of_the_other(bool isClient6)
    {
        using var relay = new RunningRelay();
        using var vm = isClient6 ? Talker.Here() : Talker.Here6();
        using var client = isClient6 ? Talker.Here6() : Talker.Here();
        var (any, own, there) = isClient6 ? ("[::]", "[::1]", "127.0.0.1") : ("0.0.0.0", "127.0.0.1", "[::1]");
        Assert.Null(relay.Load($"listen {any}:{_port}", $"to {there}:{vm.Port}"));
        var large = new string('x', 60_000);
        foreach (var text in (string[])["", "hello", large])
        {
            client.Send(text, own, _port);
            vm.Answer("vm: ");
            var (answer, from) = client.Receive();
            Assert.Equal(($"vm: {text}", $"{own}:{_port}"), (answer, $"{from}"));
        }
    }

    [Fact]
    public void A_session_outlives_every_change_but_the_end_of_its_own_port()
    {
        using var relay = new RunningRelay();
        using var vm = Talker.Here();
        using var client = Talker.Here();
        var other = RunningRelay.FreePort();
        string[] own = [$"listen 0.0.0.0:{_port}", $"to 127.0.0.1:{vm.Port}"];
        Assert.Null(relay.Load(own));
        var first = Ask(client, vm, _port);
        Assert.Null(relay.Load([.. own, $"listen 0.0.0.0:{other}", $"to 127.0.0.1:{vm.Port}"]));
        Assert.Equal(first, Ask(client, vm, _port));
        Assert.Null(relay.Load([.. own, "to 127.0.0.1:9"]));
        Assert.Equal(first, Ask(client, vm, _port));
        Assert.Null(relay.Load(own));
        Assert.Equal(first, Ask(client, vm, _port));
        Assert.Null(relay.Load());

        // Whoever opens the port again begins anew; until then nobody is there.
        using (Talker.At(_port))
            Assert.NotNull(relay.Load(own));
        Assert.Null(relay.Load(own));
        Assert.NotEqual(first, Ask(client, vm, _port));
    }

    [Fact]
    public void A_session_ends_with_the_vm_that_it_leads_to()
    {
        using var relay = new RunningRelay();
        using var before = Talker.Here();
        using var after = Talker.Here();
        using var client = Talker.Here();
        Assert.Null(relay.Load($"listen 0.0.0.0:{_port}", $"to 127.0.0.1:{before.Port}"));
        Ask(client, before, _port);
        Assert.Null(relay.Load($"listen 0.0.0.0:{_port}", $"to 127.0.0.1:{after.Port}"));
        Ask(client, after, _port);
        Assert.False(before.HasSomething);
    }

    [Fact]
    public void A_file_that_cannot_be_leaves_everything_as_it_is()
    {
        using var relay = new RunningRelay();
        using var vm = Talker.Here();
        using var client = Talker.Here();
        string[] own = [$"listen 0.0.0.0:{_port}", $"to 127.0.0.1:{vm.Port}"];
        Assert.Null(relay.Load(own));
        var first = Ask(client, vm, _port);
        var free = RunningRelay.FreePort();
        Assert.Equal(
            $"udp {vm.Port} (IPv4): Address already in use",
            relay.Load($"listen 0.0.0.0:{free}", "to 127.0.0.1:9", $"listen 0.0.0.0:{vm.Port}", "to 127.0.0.1:9")
        );
        Assert.Equal("line 2: should be: listen ANY:PORT, or: to ADDRESS:PORT", relay.Load($"listen 0.0.0.0:{free}", "to localhost:9"));
        Assert.Equal("line 1: should be: listen ANY:PORT", relay.Load("to 127.0.0.1:9"));
        Assert.Equal($"0.0.0.0:{free} leads nowhere", relay.Load($"listen 0.0.0.0:{free}"));
        Assert.Equal(
            $"0.0.0.0:{free} is there twice",
            relay.Load($"listen 0.0.0.0:{free}", "to 127.0.0.1:9", $"listen 0.0.0.0:{free}", "to 127.0.0.1:9")
        );
        Assert.Equal(first, Ask(client, vm, _port));
        Assert.Equal(string.Concat(own.Select(l => $"{l}\n")), RelayControl.Show(relay.Socket));
        using var stranger = Talker.At(free);
    }

    [Fact]
    public void A_vm_that_refuses_leaves_the_share_without_a_client_noticing_and_comes_back()
    {
        using var relay = new RunningRelay();
        using var vm = Talker.Here();
        var gone = RunningRelay.FreePort();
        Assert.Null(relay.Load($"listen 0.0.0.0:{_port}", $"to 127.0.0.1:{gone}", $"to 127.0.0.1:{vm.Port}"));
        for (var i = 0; i < 10; i++)
        {
            using var client = Talker.Here();
            Ask(client, vm, _port);
        }

        Assert.Equal([$"127.0.0.1:{gone} refuses datagrams: the other VMs have its clients"], relay.Said.Distinct());
        using var back = Talker.At(gone);
        var clients = new List<Talker>();
        while (!back.HasSomething)
        {
            clients.Add(Talker.Here());
            clients[^1].Send("hello", "127.0.0.1", _port);
            Thread.Sleep(20);
        }

        back.Answer();
        while (relay.Said is not [.., var last] || last != $"127.0.0.1:{gone} answers again")
            Thread.Sleep(20);
        clients.ForEach(c => c.Dispose());
    }

    [Fact]
    public void A_session_moves_when_its_vm_refuses_in_the_middle_of_it()
    {
        using var relay = new RunningRelay();
        using var client = Talker.Here();
        using var second = Talker.Here();
        using (var first = Talker.Here())
        {
            Assert.Null(relay.Load($"listen 0.0.0.0:{_port}", $"to 127.0.0.1:{first.Port}", $"to 127.0.0.1:{second.Port}"));
            Ask(client, first, _port);
        }

        Ask(client, second, _port);
    }

    [Fact]
    public void A_client_that_asks_again_is_led_to_a_vm_that_answers()
    {
        using var relay = new RunningRelay();
        using var silent = Talker.Here();
        using var vm = Talker.Here();
        using var first = Talker.Here();
        using var second = Talker.Here();
        Assert.Null(relay.Load($"listen 0.0.0.0:{_port}", $"to 127.0.0.1:{silent.Port}", $"to 127.0.0.1:{vm.Port}"));
        first.Send("one", "127.0.0.1", _port);
        silent.Receive();
        Ask(second, vm, _port);

        // As resolvers do, until the patience of the relay is over.
        while (!vm.HasSomething)
        {
            first.Send("one", "127.0.0.1", _port);
            Thread.Sleep(20);
        }

        vm.Answer("vm: ");
        Assert.Equal("vm: one", first.Receive().Text);
    }

    [Fact]
    public void Who_talks_is_not_pushed_out_by_who_never_comes_back()
    {
        using var relay = new RunningRelay(mostSessions: 2);
        using var vm = Talker.Here();
        using var client = Talker.Here();
        Assert.Null(relay.Load($"listen 0.0.0.0:{_port}", $"to 127.0.0.1:{vm.Port}"));
        var own = Ask(client, vm, _port);
        Assert.Equal(own, Ask(client, vm, _port));
        for (var i = 0; i < 5; i++)
        {
            using var other = Talker.Here();
            other.Send("once", "127.0.0.1", _port);
            vm.Receive();
        }

        Assert.Equal(own, Ask(client, vm, _port));
        Assert.Equal(["as many sessions as there can be (2): those go that were never answered"], relay.Said.Distinct());
    }

    [Fact]
    public void Who_comes_when_everybody_talks_has_to_wait()
    {
        using var relay = new RunningRelay(mostSessions: 1);
        using var vm = Talker.Here();
        using var client = Talker.Here();
        using var late = Talker.Here();
        Assert.Null(relay.Load($"listen 0.0.0.0:{_port}", $"to 127.0.0.1:{vm.Port}"));
        Ask(client, vm, _port);
        Ask(client, vm, _port);
        late.Send("late", "127.0.0.1", _port);
        Ask(client, vm, _port);
        Assert.False(vm.HasSomething);
        Assert.Equal(["as many sessions as there can be (1): new clients have to wait"], relay.Said.Distinct());
    }

    [Fact]
    public void A_session_that_is_ended_is_over_for_the_vm_too()
    {
        using var relay = new RunningRelay();
        using var vm = Talker.Here();
        using var client = Talker.Here();
        using var other = Talker.Here();
        Assert.Null(relay.Load($"listen 0.0.0.0:{_port}", $"to 127.0.0.1:{vm.Port}"));
        var (first, stays) = (Ask(client, vm, _port), Ask(other, vm, _port));
        var sessions = RelayControl.Sessions(relay.Socket);
        Assert.Equal(
            [$"127.0.0.1:{client.Port} 127.0.0.1:{_port}", $"127.0.0.1:{other.Port} 127.0.0.1:{_port}"],
            sessions.Select(s => $"{s.Client} {s.Public}")
        );
        Assert.Null(RelayControl.End([sessions[0], (sessions[0].Public, sessions[0].Client)], relay.Socket));
        Assert.Equal([sessions[1]], RelayControl.Sessions(relay.Socket));

        // What the VM sends now comes to nobody.
        vm.Send("push", "127.0.0.1", first);
        vm.Send("push", "127.0.0.1", stays);
        Assert.Equal("push", other.Receive().Text);
        Assert.False(client.HasSomething);
        Assert.Empty(RelayControl.Sessions($"{relay.Socket}.gone"));
        Assert.StartsWith("should be: load", ChatOps.Gateway.Running.Wire.Ask(relay.Socket, "what\n"), StringComparison.Ordinal);
    }

    // Which port the VM has seen.
    private static int Ask(Talker client, Talker vm, int port)
    {
        client.Send("hello", "127.0.0.1", port);
        var seen = vm.Answer("vm: ").Port;
        Assert.Equal("vm: hello", client.Receive().Text);
        return seen;
    }
}
