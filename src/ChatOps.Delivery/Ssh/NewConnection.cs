using System.Net.Sockets;
using System.Text;
using ChatOps.Core.Gateways;
using ChatOps.Core.Ports;

namespace ChatOps.Delivery.Ssh;

/// <summary>
/// Proves that whoever comes anew gets through to a gateway's sshd: a warm connection says nothing about that, as established flows pass
/// a firewall that lets nobody else in. A new TCP connection each time, up to the identification line (RFC 4253, 4.2), or up to sshd's own
/// word that it wants nobody from here for a while: OpenSSH 9.8 and newer counts connections that do not log in (PerSourcePenalties).
/// The firewall has let such a connection through as well, so it says nothing against the change.
/// </summary>
internal static class NewConnection
{
    private const string Identification = "SSH-2.0-";
    private const string NotNow = "Not allowed at this time";
    private const int LongestGreeting = 8192;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <exception cref="GatewayUnreachableException">No place of the gateway greets as sshd does.</exception>
    public static async Task ProveAsync(Gateway gateway, GatewayAccess access, CancellationToken cancel)
    {
        var failures = new List<string>();
        foreach (var at in access.PlacesOf(gateway))
        {
            if (await FailureAsync(at, cancel) is not { } failure)
                return;
            failures.Add($"{at}: {failure}");
        }

        throw new GatewayUnreachableException($"a new connection to {gateway.Name} does not reach its sshd: {string.Join("; ", failures)}");
    }

    private static async Task<string?> FailureAsync(DialAddress at, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_patience);
        try
        {
            using var socket = await at.ConnectAsync(limit.Token);
            return await GreetsAsync(socket, limit.Token) ? null : "what answers is not an sshd";
        }
        catch (SocketException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"no greeting within {_patience.TotalSeconds:0} s";
        }
    }

    /// <summary>True when a line begins as it must; other lines may come before it.</summary>
    private static async Task<bool> GreetsAsync(Socket socket, CancellationToken cancel)
    {
        var buffer = new byte[LongestGreeting];
        for (var length = 0; length < buffer.Length;)
        {
            var more = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
            if (more == 0)
                return false;
            length += more;
            var lines = Encoding.ASCII.GetString(buffer, 0, length).Split('\n');
            if (lines[..^1].Any(l => l.StartsWith(Identification, StringComparison.Ordinal) || l.TrimEnd('\r') == NotNow))
                return true;
        }

        return false;
    }
}
