using System.Net.Sockets;
using Renci.SshNet.Common;

namespace ChatOps.Delivery.Ssh;

/// <summary>Which exceptions mean that a connection cannot be had or was lost; all others are bugs.</summary>
internal static class TransientErrors
{
    /// <summary>True for what SSH.NET and sockets throw when the other side is not there or has gone.</summary>
    public static bool Is(Exception e) =>
        e is SshException or SocketException or IOException or ObjectDisposedException or TimeoutException;
}
