using System.Net.Sockets;
using System.Text;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;
using Renci.SshNet.Common;

namespace ChatOps.Delivery.Ssh;

/// <summary>
/// Proves that whoever comes anew gets through to a gateway's sshd: a warm connection says nothing about that, as established flows pass a
/// firewall that lets nobody else in. It logs in: OpenSSH 9.8 and newer counts connections that do not, and then wants nobody from here for
/// a while (PerSourcePenalties). Where it says so, and where it is our own key that cannot be used, its greeting is enough: the firewall
/// has let that through, so it says nothing against the change.
/// </summary>
internal static class NewConnection
{
    private const string Identification = "SSH-2.0-";
    private const string NotNow = "Not allowed at this time";
    private const int LongestGreeting = 8192;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private enum Greeting
    {
        Sshd,
        NotNow,
        Other,
    }

    /// <summary>Logs in anew.</summary>
    /// <returns>The connection, to go on with; null when the gateway has been reached and lets nobody in for a while.</returns>
    /// <exception cref="GatewayUnreachableException">No place of the gateway greets as sshd does, or none lets us in.</exception>
    /// <exception cref="HostKeyMismatchException">Another machine answers.</exception>
    public static async Task<SshConnection?> ProveAsync(Gateway gateway, GatewayAccess access, CancellationToken cancel)
    {
        try
        {
            return await SshConnector.OpenAsync(gateway, access, cancel);
        }
        catch (GatewayUnreachableException e) when (e.InnerException is SshOperationTimeoutException)
        {
            // Nobody answered: to ask once more would only leave the gateway's own timer less time.
            throw new GatewayUnreachableException($"a new connection to {gateway.Name} does not reach its sshd: {e.Message}", e);
        }
        catch (GatewayUnreachableException e)
        {
            var greeting = await GreetingOfAsync(gateway, access, cancel);
            if (greeting is Greeting.NotNow || e is NoIdentityException)
                return null;
            throw new GatewayUnreachableException($"a new connection to {gateway.Name} reaches its sshd and cannot log in: {e.Message}", e);
        }
    }

    private static async Task<Greeting> GreetingOfAsync(Gateway gateway, GatewayAccess access, CancellationToken cancel)
    {
        var failures = new List<string>();
        foreach (var at in access.PlacesOf(gateway))
        {
            var (greeting, failure) = await GreetingAtAsync(at, cancel);
            if (greeting is not Greeting.Other)
                return greeting;
            failures.Add($"{at}: {failure}");
        }

        throw new GatewayUnreachableException($"a new connection to {gateway.Name} does not reach its sshd: {string.Join("; ", failures)}");
    }

    private static async Task<(Greeting Greeting, string Failure)> GreetingAtAsync(DialAddress at, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_patience);
        try
        {
            using var socket = await at.ConnectAsync(limit.Token);
            return (await ReadAsync(socket, limit.Token), "what answers is not an sshd");
        }
        catch (SocketException e)
        {
            return (Greeting.Other, e.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (Greeting.Other, $"no greeting within {_patience.TotalSeconds:0} s");
        }
    }

    // A line begins as it must (RFC 4253, 4.2); other lines may come before it.
    private static async Task<Greeting> ReadAsync(Socket socket, CancellationToken cancel)
    {
        var buffer = new byte[LongestGreeting];
        for (var length = 0; length < buffer.Length; )
        {
            var more = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
            if (more == 0)
                return Greeting.Other;
            length += more;
            var lines = Encoding.ASCII.GetString(buffer, 0, length).Split('\n')[..^1];
            if (lines.Any(l => l.StartsWith(Identification, StringComparison.Ordinal)))
                return Greeting.Sshd;
            if (lines.Any(l => l.TrimEnd('\r') == NotNow))
                return Greeting.NotNow;
        }

        return Greeting.Other;
    }
}
