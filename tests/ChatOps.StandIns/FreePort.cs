using System.Net;
using System.Net.Sockets;

namespace ChatOps.StandIns;

/// <summary>A port of loopback that nobody listens at.</summary>
public static class FreePort
{
    /// <summary>One that was free a moment ago.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
