using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;

namespace ChatOps.Delivery.Ssh;

/// <summary>
/// The other ways to a gateway, besides the one over which everything goes: its address of the other family. A change may not close one
/// that was open before it, though nobody would notice here. What never got through from this machine (it has no IPv6, say) proves nothing
/// and is left out.
/// </summary>
internal sealed class EveryFamily(GatewayAccess access, IReadOnlyList<DialAddress>? said = null)
{
    private readonly ConcurrentDictionary<DialAddress, bool> _reached = new();

    /// <summary>Looks, before the first change, which ways are open.</summary>
    public async Task LookAsync(Gateway gateway, CancellationToken cancel)
    {
        var unknown = (await OtherPlacesAsync(gateway, cancel)).Where(at => !_reached.ContainsKey(at)).ToList();
        await Task.WhenAll(unknown.Select(async at => _reached[at] = await TryAsync(gateway, at, cancel) is null));
    }

    /// <summary>Logs in anew over each of them.</summary>
    /// <exception cref="GatewayUnreachableException">One that was open is not any more.</exception>
    /// <exception cref="HostKeyMismatchException">Another machine answers.</exception>
    public async Task ProveAsync(Gateway gateway, CancellationToken cancel) =>
        await Task.WhenAll((await OtherPlacesAsync(gateway, cancel)).Select(at => ProveAsync(gateway, at, cancel)));

    private async Task ProveAsync(Gateway gateway, DialAddress at, CancellationToken cancel)
    {
        var failure = await TryAsync(gateway, at, cancel);
        if (failure is null)
            _reached[at] = true;
        // Should it be our own way there that is gone, the next change does not fail for it.
        else if (_reached.TryRemove(at, out var was) && was)
            throw new GatewayUnreachableException($"a new connection to {gateway.Name} at {at} does not get through any more: {failure}");
    }

    private async Task<string?> TryAsync(Gateway gateway, DialAddress at, CancellationToken cancel)
    {
        try
        {
            using var connection = await SshConnector.OpenAtAsync(gateway, at, access, cancel);
            return null;
        }
        catch (Exception e) when (e is NoIdentityException)
        {
            return null;
        }
        catch (Exception e) when (e is SocketException || TransientErrors.Is(e))
        {
            return e.Message;
        }
    }

    // Of a host name nobody can tell which of its addresses the connection went to.
    private async Task<IReadOnlyList<DialAddress>> OtherPlacesAsync(Gateway gateway, CancellationToken cancel)
    {
        var places = said ?? access.PlacesOf(gateway);
        if (places is not [var only])
            return [.. places.Skip(1)];
        if (IPAddress.TryParse(only.Host, out _))
            return [];
        try
        {
            var addresses = (await Dns.GetHostAddressesAsync(only.Host, cancel)).DistinctBy(a => a.AddressFamily).ToList();
            return addresses.Count > 1 ? [.. addresses.Select(a => new DialAddress($"{a}", only.Port))] : [];
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
