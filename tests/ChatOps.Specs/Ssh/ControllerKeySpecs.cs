using System.Diagnostics;
using System.Runtime.Versioning;
using ChatOps.Core.Application.Ports;
using ChatOps.Delivery.Ssh;

namespace ChatOps.Specs.Ssh;

/// <summary>The key of an edition on a machine of one's own, against OpenSSH's own sshd, ssh-keygen and ssh-agent.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ControllerKeySpecs : SshSpecs
{
    [SshdFact]
    public async Task The_key_that_is_made_opens_a_gateway_and_is_kept()
    {
        using var folder = new TempFolder();
        var made = ControllerKey.MakeOrLoad(folder.In("ssh"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.In("ssh/id_ed25519")));
        Assert.StartsWith(made.PublicKey, Sshd.Run("ssh-keygen", "-yf", folder.In("ssh/id_ed25519")), StringComparison.Ordinal);
        Assert.Equal($"{made.PublicKey} chatops\n", await File.ReadAllTextAsync(made.PublicFile));
        Sshd.Authorize(made.PublicKey);
        await ObservesAsync(made);
        Assert.Equal(made.PublicKey, ControllerKey.MakeOrLoad(folder.In("ssh")).PublicKey);
    }

    [SshdFact]
    public async Task A_public_half_that_was_lost_is_written_again()
    {
        using var folder = new TempFolder();
        var made = ControllerKey.MakeOrLoad(folder.Path);
        File.Delete(made.PublicFile);

        Assert.Equal($"{ControllerKey.MakeOrLoad(folder.Path).PublicKey} chatops\n", await File.ReadAllTextAsync(made.PublicFile));
        Assert.StartsWith(made.PublicKey, await File.ReadAllTextAsync(made.PublicFile), StringComparison.Ordinal);
    }

    [SshdFact]
    public async Task A_key_of_ones_own_is_named_by_its_file()
    {
        using var folder = new TempFolder();
        var named = ControllerKey.Named(Sshd.IdentityFile, folder.In("ssh"), agent: null);

        Assert.StartsWith(named.PublicKey, await File.ReadAllTextAsync(Sshd.IdentityFile + ".pub"), StringComparison.Ordinal);
        Assert.False(File.Exists(folder.In("ssh/id_ed25519")));
        await ObservesAsync(named);
    }

    [SshdFact]
    public async Task An_agent_signs_with_a_key_that_never_comes_here()
    {
        using var folder = new TempFolder();
        using var agent = new Agent(folder.In("agent"));
        agent.Add(Sshd.IdentityFile);
        await ObservesAsync(ControllerKey.Named("agent", folder.In("ssh"), folder.In("agent")));
    }

    [SshdFact]
    public async Task Of_several_keys_of_an_agent_one_is_named_by_its_public_half()
    {
        using var folder = new TempFolder();
        using var agent = new Agent(folder.In("agent"));
        Sshd.Run("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-C", "another", "-f", folder.In("rsa"));
        agent.Add(folder.In("rsa"), Sshd.IdentityFile);

        var e = Assert.Throws<InvalidOperationException>(() => ControllerKey.Named("agent", folder.In("ssh"), folder.In("agent")));
        Assert.Contains("holds 2 keys (another, ", e.Message, StringComparison.Ordinal);
        await ObservesAsync(ControllerKey.Named(Sshd.IdentityFile + ".pub", folder.In("ssh"), folder.In("agent")));
        var rsa = ControllerKey.Named(folder.In("rsa.pub"), folder.In("ssh"), folder.In("agent"));
        Sshd.Authorize(rsa.PublicKey);
        await ObservesAsync(rsa);
    }

    [SshdFact]
    public async Task A_key_that_the_agent_gave_up_is_a_gateway_out_of_reach()
    {
        using var folder = new TempFolder();
        using var agent = new Agent(folder.In("agent"));
        agent.Add(Sshd.IdentityFile);
        var named = ControllerKey.Named("agent", folder.In("ssh"), folder.In("agent"));
        agent.Clear();

        var e = await Assert.ThrowsAnyAsync<GatewayUnreachableException>(() => ObservesAsync(named));
        Assert.EndsWith("does not hold the key " + named.PublicKey + " any more. Next: ssh-add", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_agent_it_is_said_how_to_have_one()
    {
        using var folder = new TempFolder();

        var e = Assert.Throws<InvalidOperationException>(() => ControllerKey.Named("agent", folder.Path, agent: null));
        Assert.EndsWith("Next: eval $(ssh-agent); ssh-add", e.Message, StringComparison.Ordinal);
    }

    private async Task ObservesAsync(ControllerKey key)
    {
        await using var shell = new SshGatewayClient(
            new GatewayAccess(key.Identity) { Login = Environment.UserName, Dial = Dial(Sshd.Port) }
        );
        Assert.NotNull(await shell.ObserveAsync(Gateway, default));
    }

    private sealed class Agent : IDisposable
    {
        private readonly Process _process;
        private readonly string _socket;

        public Agent(string socket)
        {
            _socket = socket;
            _process = Process.Start(new ProcessStartInfo("ssh-agent", ["-D", "-a", socket]) { RedirectStandardOutput = true })!;
            _process.StandardOutput.ReadLine();
        }

        public void Add(params string[] keys) => Say(["-q", .. keys]);

        public void Clear() => Say(["-q", "-D"]);

        public void Dispose()
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }

        private void Say(string[] arguments)
        {
            var start = new ProcessStartInfo("ssh-add", arguments) { RedirectStandardError = true };
            start.Environment["SSH_AUTH_SOCK"] = _socket;
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, error);
        }
    }
}
