using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Values;
using ChatOps.Delivery.Ssh;

namespace ChatOps.Specs.Ssh;

[UnsupportedOSPlatform("windows")]
public class LossSpecs : SshSpecs
{
    [SshdFact]
    public async Task After_a_restart_of_sshd_the_next_verb_works()
    {
        await Shell.ObserveAsync(Gateway, default);
        Sshd.Kill();
        Sshd.Start();

        Assert.Equal(50, (await Shell.ObserveAsync(Gateway, default)).Load);
        Assert.Equal((2, 2), (Sshd.StandIn.Verbs.Length, Sshd.StandIn.Connections));
    }

    [SshdFact]
    public async Task A_connection_that_has_gone_silent_is_replaced_before_the_verb_is_sent()
    {
        await using var shell = ShellAt(Sshd.Port, connectTimeout: TimeSpan.FromSeconds(8));
        await shell.ObserveAsync(Gateway, default);
        Sshd.FreezeConnections();

        Assert.Equal(50, (await shell.ObserveAsync(Gateway, default)).Load);
        Assert.Equal((2, 2), (Sshd.StandIn.Verbs.Length, Sshd.StandIn.Connections));
    }

    [SshdFact]
    public async Task A_connection_that_dies_in_the_middle_of_a_verb_leaves_its_outcome_unknown()
    {
        Sshd.StandIn.Mood = "hang";
        var hanging = Shell.ApplyAsync(
            Gateway,
            new Revision(9),
            TimeSpan.FromSeconds(30),
            new Dictionary<string, string>(),
            full: false,
            _ => { },
            default
        );
        await Sshd.StandIn.HangsAsync();
        Sshd.Kill();

        var e = await Assert.ThrowsAsync<GatewayUnreachableException>(() => hanging);
        Assert.Contains("after \"apply 9 30\" was sent", e.Message, StringComparison.Ordinal);
        Assert.Contains("whether it was done is unknown", e.Message, StringComparison.Ordinal);
        Assert.Single(Sshd.StandIn.Verbs);
    }

    [SshdFact]
    public async Task A_verb_that_is_not_answered_in_time_leaves_its_outcome_unknown_and_the_next_one_works()
    {
        await using var shell = ShellAt(Sshd.Port, commandTimeout: TimeSpan.FromSeconds(4));
        Sshd.StandIn.Mood = "hang";
        await Assert.ThrowsAsync<GatewayUnreachableException>(() => shell.ObserveAsync(Gateway, default));

        // On a slow machine one more may take too long.
        Sshd.StandIn.Mood = "";
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                return (await shell.ObserveAsync(Gateway, default)).Load == 50;
            }
            catch (GatewayUnreachableException)
            {
                return false;
            }
        });
    }

    [SshdFact]
    public async Task A_cancelled_verb_gives_up_at_once_and_the_next_one_works()
    {
        Sshd.StandIn.Mood = "hang";
        using var cancel = new CancellationTokenSource();
        var hanging = Shell.ObserveAsync(Gateway, cancel.Token);
        await Sshd.StandIn.HangsAsync();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
        Sshd.StandIn.Mood = "";
        Assert.Equal(50, (await Shell.ObserveAsync(Gateway, default)).Load);
    }

    [SshdFact]
    public async Task Where_nothing_listens_no_gateway_is_reached()
    {
        await using var shell = ShellAt(Sshd.FreePort());

        var e = await Assert.ThrowsAsync<GatewayUnreachableException>(() => shell.ObserveAsync(Gateway, default));
        Assert.StartsWith("connecting to gw1 over SSH: 127.0.0.1:", e.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<GatewayUnreachableException>(() => shell.ReadHostKeyAsync(Gateway, default));
        await Assert.ThrowsAsync<GatewayUnreachableException>(() => shell.ProveNewConnectionAsync(Gateway, default));
    }

    [SshdFact]
    public async Task A_new_connection_is_proved_by_logging_in_and_is_the_one_to_go_on_with()
    {
        await Shell.ObserveAsync(Gateway, default);
        for (var proof = 1; proof <= 3; proof++)
        {
            await Shell.ProveNewConnectionAsync(Gateway, default);
            await Eventually.TrueAsync(async () =>
                (await Shell.ObserveAsync(Gateway, default)).Load == 50 && Sshd.StandIn.Connections == 1 + proof
            );
        }

        // Each of them, with the first one: none is counted as a connection that did not log in.
        await Eventually.TrueAsync(() => Sshd.ReadLog().Split("Accepted publickey for").Length - 1 == 4, Sshd.ReadLog);
    }

    [SshdFact]
    public async Task An_sshd_that_greets_and_lets_nobody_in_proves_nothing()
    {
        await using var shell = new SshGatewayClient(
            new GatewayAccess(SshIdentity.OfFile(Sshd.IdentityFile)) { Login = "nobody-here", Dial = Dial(Sshd.Port) }
        );

        var e = await Assert.ThrowsAsync<GatewayUnreachableException>(() => shell.ProveNewConnectionAsync(Gateway, default));
        Assert.StartsWith("a new connection to gw1 reaches its sshd and cannot log in: ", e.Message, StringComparison.Ordinal);
    }

    [SshdFact]
    public async Task A_key_that_cannot_be_used_now_says_nothing_against_the_gateway()
    {
        await using var shell = new SshGatewayClient(
            new GatewayAccess(SshIdentity.OfFile(Sshd.IdentityFile + ".gone")) { Dial = Dial(Sshd.Port) }
        );

        await shell.ProveNewConnectionAsync(Gateway, default);
        await Assert.ThrowsAnyAsync<GatewayUnreachableException>(() => shell.ObserveAsync(Gateway, default));
    }

    [SshdFact]
    public async Task Another_machine_that_answers_anew_is_no_proof()
    {
        var other = Pinned(Text.Parse<HostKey>("SHA256:" + new string('A', 43)));

        await Assert.ThrowsAsync<HostKeyMismatchException>(() => Shell.ProveNewConnectionAsync(other, default));
    }

    [SshdFact]
    public async Task A_listener_that_does_not_greet_proves_nothing()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        await using var shell = ShellAt(((IPEndPoint)mute.LocalEndpoint).Port, connectTimeout: TimeSpan.FromSeconds(1));

        var e = await Assert.ThrowsAsync<GatewayUnreachableException>(() => shell.ProveNewConnectionAsync(Gateway, default));
        Assert.StartsWith("a new connection to gw1 does not reach its sshd: ", e.Message, StringComparison.Ordinal);
    }

    [SshdFact]
    public async Task A_listener_that_greets_as_something_else_proves_nothing()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await using var shell = ShellAt(((IPEndPoint)other.LocalEndpoint).Port);
        var proving = shell.ProveNewConnectionAsync(Gateway, default);
        await SayAsync(other, "220 mail ready\r\n");

        var e = await Assert.ThrowsAsync<GatewayUnreachableException>(() => proving);
        Assert.EndsWith("what answers is not an sshd", e.Message, StringComparison.Ordinal);
    }

    [SshdFact]
    public async Task An_sshd_that_wants_nobody_from_here_for_a_while_has_been_reached()
    {
        using var sshd = new TcpListener(IPAddress.Loopback, 0);
        sshd.Start();
        await using var shell = ShellAt(((IPEndPoint)sshd.LocalEndpoint).Port);
        var proving = shell.ProveNewConnectionAsync(Gateway, default);
        await SayAsync(sshd, "Not allowed at this time\r\n");

        await proving;
    }

    [SshdFact]
    public async Task A_family_that_was_open_and_is_not_any_more_is_no_proof_and_one_that_never_was_is_left_out()
    {
        var access = new GatewayAccess(SshIdentity.OfFile(Sshd.IdentityFile)) { Login = Environment.UserName };
        var families = new EveryFamily(access, [new("127.0.0.1", Sshd.Port), new("::1", Sshd.Port)]);
        await families.LookAsync(Gateway, default);
        await families.ProveAsync(Gateway, default);

        using (var six = new Relay(Sshd.Port))
            await families.ProveAsync(Gateway, default);
        var e = await Assert.ThrowsAsync<GatewayUnreachableException>(() => families.ProveAsync(Gateway, default));
        Assert.StartsWith(
            $"a new connection to gw1 at [::1]:{Sshd.Port} does not get through any more: ",
            e.Message,
            StringComparison.Ordinal
        );
        await families.ProveAsync(Gateway, default);
    }

    // The same sshd by IPv6.
    private sealed class Relay : IDisposable
    {
        private readonly TcpListener _listener;

        public Relay(int port)
        {
            _listener = new TcpListener(IPAddress.IPv6Loopback, port);
            _listener.Start();
            _ = RunAsync(port);
        }

        public void Dispose() => _listener.Stop();

        private async Task RunAsync(int port)
        {
            try
            {
                while (await _listener.AcceptTcpClientAsync() is { } client)
                {
                    var sshd = new TcpClient();
                    await sshd.ConnectAsync(IPAddress.Loopback, port);
                    _ = client.GetStream().CopyToAsync(sshd.GetStream());
                    _ = sshd.GetStream().CopyToAsync(client.GetStream());
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It has stopped.
            }
        }
    }

    // To whoever logs in, and to whoever then looks at what answers.
    private static async Task SayAsync(TcpListener listener, string greeting)
    {
        for (var connection = 0; connection < 2; connection++)
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(greeting));
        }
    }
}
