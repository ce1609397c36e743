using System.Runtime.Versioning;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Values;
using ChatOps.Delivery.Ssh;

namespace ChatOps.Specs.Ssh;

[UnsupportedOSPlatform("windows")]
public class HostKeySpecs : SshSpecs
{
    private static readonly HostKey _another = Text.Parse<HostKey>("SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU");

    [SshdFact]
    public async Task The_key_that_is_read_is_the_one_that_ssh_keygen_tells() =>
        Assert.Equal(Sshd.Fingerprint, (await Shell.ReadHostKeyAsync(Pinned(null), default)).ToString());

    [SshdFact]
    public async Task Reading_the_key_does_not_authenticate()
    {
        await Shell.ReadHostKeyAsync(Gateway, default);

        Assert.DoesNotContain("Accepted", Sshd.ReadLog(), StringComparison.Ordinal);
    }

    [SshdFact]
    public async Task A_machine_with_another_key_is_refused_before_authentication()
    {
        var e = await Assert.ThrowsAsync<HostKeyMismatchException>(() => Shell.ObserveAsync(Pinned(_another), default));

        Assert.Equal(Sshd.Fingerprint, e.Seen.ToString());
        Assert.Contains(_another.ToString(), e.Message, StringComparison.Ordinal);
        Assert.Empty(Sshd.StandIn.Verbs);
        Assert.DoesNotContain("Accepted", Sshd.ReadLog(), StringComparison.Ordinal);
    }

    [SshdFact]
    public async Task A_warm_connection_is_not_used_for_a_gateway_that_was_pinned_anew()
    {
        await Shell.ObserveAsync(Gateway, default);

        await Assert.ThrowsAsync<HostKeyMismatchException>(() => Shell.ObserveAsync(Pinned(_another), default));
    }

    [SshdFact]
    public async Task Nothing_is_sent_to_a_gateway_without_a_pinned_key()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Shell.ObserveAsync(Pinned(null), default));

        Assert.Empty(Sshd.StandIn.Verbs);
    }

    [SshdFact]
    public async Task An_identity_file_that_others_can_read_is_not_used()
    {
        File.SetUnixFileMode(Sshd.IdentityFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var e = await Assert.ThrowsAnyAsync<GatewayUnreachableException>(() => Shell.ObserveAsync(Gateway, default));
        Assert.EndsWith($"chmod 600 {Sshd.IdentityFile}", e.Message, StringComparison.Ordinal);
    }

    [SshdFact]
    public async Task An_identity_file_that_is_no_key_is_named_and_not_quoted()
    {
        await File.WriteAllTextAsync(
            Sshd.IdentityFile,
            "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----\n"
        );

        var e = await Assert.ThrowsAnyAsync<GatewayUnreachableException>(() => Shell.ObserveAsync(Gateway, default));
        Assert.Contains(Sshd.IdentityFile, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.ToString(), StringComparison.Ordinal);
    }

    [SshdFact]
    public async Task A_user_whom_the_gateway_does_not_know_is_told_so()
    {
        await using var shell = new SshGatewayClient(
            new GatewayAccess(SshIdentity.OfFile(Sshd.IdentityFile)) { Login = "nobody-here", Dial = Dial(Sshd.Port) }
        );

        var e = await Assert.ThrowsAsync<GatewayUnreachableException>(() => shell.ObserveAsync(Gateway, default));
        Assert.Contains("does not let nobody-here in with the key", e.Message, StringComparison.Ordinal);
    }
}
