using System.Collections.Immutable;
using System.Runtime.Versioning;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Delivery.Ssh;

namespace ChatOps.Specs.Ssh;

/// <summary>What the specs of the SSH shell share: an sshd of their own, a gateway pinned to it, and the shell.</summary>
[UnsupportedOSPlatform("windows")]
public abstract class SshSpecs : IAsyncLifetime
{
    private protected Sshd Sshd { get; private set; } = null!;

    protected Gateway Gateway { get; private set; } = null!;

    protected SshGatewayClient Shell { get; private set; } = null!;

    public Task InitializeAsync()
    {
        // The class is made even when its facts are skipped.
        if (!File.Exists(SshdFactAttribute.Program))
            return Task.CompletedTask;
        Sshd = new Sshd();
        Gateway = Pinned(Text.Parse<HostKey>(Sshd.Fingerprint));
        Shell = ShellAt(Sshd.Port);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        if (Shell is not null)
            await Shell.DisposeAsync();
        Sshd?.Dispose();
    }

    protected static Gateway Pinned(HostKey? key) =>
        Gateway.WithDefaults(Text.Parse<Name<Gateway>>("gw1"), [Text.Parse<Address>("192.0.2.1")], key);

    protected static ImmutableDictionary<Name<Gateway>, DialAddress> Dial(int port) =>
        ImmutableDictionary<Name<Gateway>, DialAddress>.Empty.Add(Text.Parse<Name<Gateway>>("gw1"), new("127.0.0.1", port));

    protected SshGatewayClient ShellAt(int port, TimeSpan? commandTimeout = null, TimeSpan? connectTimeout = null) =>
        new(
            new GatewayAccess(SshIdentity.OfFile(Sshd.IdentityFile))
            {
                Login = Environment.UserName,
                Dial = Dial(port),
                CommandTimeout = commandTimeout ?? Patience.Limit,
                ConnectTimeout = connectTimeout ?? Patience.Limit,
            }
        );
}
