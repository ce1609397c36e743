using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace ChatOps.Delivery.Ssh;

/// <summary>Our own key cannot be used now; the gateway was not asked.</summary>
internal sealed class NoIdentityException(string message, Exception inner) : GatewayUnreachableException(message, inner);

/// <summary>Opens connections to gateways, trying their places in order; a wrong host key at one of them ends the search.</summary>
internal static class SshConnector
{
    // Short enough that routers and NATs on the way keep the connection in mind, and that a rebooted gateway's reset is noticed early.
    private static readonly TimeSpan _keepAlive = TimeSpan.FromSeconds(15);

    /// <summary>Connects, checks the host key, authenticates.</summary>
    /// <exception cref="GatewayUnreachableException">No place answers as an sshd that takes our key, or the key cannot be used.</exception>
    /// <exception cref="HostKeyMismatchException">Another machine answers.</exception>
    /// <exception cref="InvalidOperationException">No host key is pinned.</exception>
    public static Task<SshConnection> OpenAsync(Gateway gateway, GatewayAccess access, CancellationToken cancel)
    {
        var pinned = PinnedOf(gateway);
        return FirstOfAsync(gateway, access, at => OpenAsync(gateway, pinned, at, access, cancel));
    }

    /// <summary>The same at one of its places; what goes wrong is what SSH.NET says.</summary>
    /// <exception cref="HostKeyMismatchException">Another machine answers.</exception>
    public static Task<SshConnection> OpenAtAsync(Gateway gateway, DialAddress at, GatewayAccess access, CancellationToken cancel) =>
        OpenAsync(gateway, PinnedOf(gateway), at, access, cancel);

    private static HostKey PinnedOf(Gateway gateway) =>
        gateway.HostKey
        ?? throw new InvalidOperationException($"{gateway.Name} has no pinned host key: nothing is sent to it before one is");

    /// <summary>The host key that the gateway shows; authentication is never begun.</summary>
    /// <exception cref="GatewayUnreachableException">No place answers as an sshd with an Ed25519 key.</exception>
    public static Task<HostKey> ReadHostKeyAsync(Gateway gateway, GatewayAccess access, CancellationToken cancel) =>
        FirstOfAsync(gateway, access, async at =>
        {
            var check = new HostKeyCheck(pinned: null);
            using var nobody = new NoneAuthenticationMethod(access.LoginOf(gateway));
            using var client = Client(at, access, check, nobody);
            try
            {
                await client.ConnectAsync(cancel).WaitAsync(cancel);
            }
            catch (SshConnectionException) when (check.Seen is not null)
            {
                // The key has been seen and not been trusted, so SSH.NET hung up: all that was wanted.
            }

            return check.Seen ?? throw new SshConnectionException("it showed no host key");
        });

    private static async Task<SshConnection> OpenAsync(
        Gateway gateway,
        HostKey pinned,
        DialAddress at,
        GatewayAccess access,
        CancellationToken cancel
    )
    {
        var identity = Load(gateway, access.Identity);
        using var disposed = identity as IDisposable;
        using var key = new PrivateKeyAuthenticationMethod(access.LoginOf(gateway), identity);
        var check = new HostKeyCheck(pinned);
        var client = Client(at, access, check, key);
        var connection = new SshConnection(gateway, at, client, access.CommandTimeout);
        var connecting = client.ConnectAsync(cancel);
        try
        {
            await connecting.WaitAsync(cancel);
            return client.IsConnected ? connection : throw new SshConnectionException("it closed the connection at once");
        }
        catch (Exception e)
        {
            // A cancelled handshake may still succeed: what it opens is closed then, not now.
            _ = connecting.ContinueWith(_ => connection.Dispose(), TaskScheduler.Default);
            if (check.Mismatch)
                throw check.Exception(gateway, at);
            if (e is SshAuthenticationException)
                throw new SshConnectionException($"it does not let {access.LoginOf(gateway)} in with {access.Identity}");
            throw;
        }
    }

    // An agent comes back, a file gets its rights back: until then what was accepted waits, as it does when the gateway is off.
    private static IPrivateKeySource Load(Gateway gateway, SshIdentity identity)
    {
        try
        {
            return identity.Load();
        }
        catch (InvalidOperationException e)
        {
            throw new NoIdentityException($"logging in to {gateway.Name}: {e.Message}", e);
        }
    }

    private static SshClient Client(DialAddress at, GatewayAccess access, HostKeyCheck check, AuthenticationMethod method)
    {
        var info = new ConnectionInfo(at.Host, at.Port, method.Username, method) { Timeout = access.ConnectTimeout, RetryAttempts = 1 };
        SshAlgorithms.Choose(info);
        var client = new SshClient(info) { KeepAliveInterval = _keepAlive };
        client.HostKeyReceived += check.OnReceived;
        return client;
    }

    private static async Task<T> FirstOfAsync<T>(Gateway gateway, GatewayAccess access, Func<DialAddress, Task<T>> connect)
    {
        var failures = new List<string>();
        Exception? last = null;
        foreach (var at in access.PlacesOf(gateway))
        {
            try
            {
                return await connect(at);
            }
            catch (Exception e) when (TransientErrors.Is(e))
            {
                failures.Add($"{at}: {e.Message}");
                last = e;
            }
        }

        throw new GatewayUnreachableException($"connecting to {gateway.Name} over SSH: {string.Join("; ", failures)}", last);
    }
}
