using System.Security.Cryptography;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using Renci.SshNet.Common;

namespace ChatOps.Delivery.Ssh;

/// <summary>
/// Compares the key that a machine shows with the pinned one. SSH.NET asks after the machine has proved that it holds the key and before
/// authentication, at the first key exchange and at each later one. Without a pinned key no machine is trusted: the key is only seen.
/// </summary>
internal sealed class HostKeyCheck(HostKey? pinned)
{
    /// <summary>The key that was shown; null until then.</summary>
    public HostKey? Seen { get; private set; }

    /// <summary>True when a key was shown that is not the pinned one.</summary>
    public bool Mismatch => pinned is { } wanted && Seen is { } seen && !Same(wanted, seen);

    public void OnReceived(object? sender, HostKeyEventArgs shown)
    {
        var seen = Text.Parse<HostKey>("SHA256:" + shown.FingerPrintSHA256);
        Seen = seen;
        shown.CanTrust = pinned is { } wanted && Same(wanted, seen);
    }

    public HostKeyMismatchException Exception(Gateway gateway, DialAddress at) =>
        new(
            $"{at} shows the host key {Seen}, but {pinned} is pinned for {gateway.Name}: nothing was sent to it. "
                + "If the machine was reinstalled, read its key at its console (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub) "
                + "and pin that; "
                + "if it was not, another machine is answering in its place.",
            Seen ?? default
        );

    private static bool Same(HostKey a, HostKey b) => CryptographicOperations.FixedTimeEquals(Digest(a), Digest(b));

    private static byte[] Digest(HostKey key) => Convert.FromBase64String(key.ToString()["SHA256:".Length..] + "=");
}
