using Renci.SshNet;

namespace ChatOps.Delivery.Ssh;

/// <summary>
/// What is offered to a gateway's sshd, best first. Nothing with SHA-1 or CBC. X25519 comes before the post-quantum exchanges, which cost
/// a connection some 80 ms: what travels here are configurations that hold no secret. AES-GCM is what the processor does by itself.
/// </summary>
internal static class SshAlgorithms
{
    private static readonly string[] _exchanges =
    [
        "curve25519-sha256",
        "curve25519-sha256@libssh.org",
        "mlkem768x25519-sha256",
        "sntrup761x25519-sha512",
        "sntrup761x25519-sha512@openssh.com",
        "ecdh-sha2-nistp256",
    ];

    // The fingerprint that is pinned is the Ed25519 key's, so no other key may be shown.
    private static readonly string[] _hostKeys = ["ssh-ed25519"];

    private static readonly string[] _ciphers =
    [
        "aes256-gcm@openssh.com",
        "aes128-gcm@openssh.com",
        "chacha20-poly1305@openssh.com",
        "aes256-ctr",
        "aes128-ctr",
    ];

    private static readonly string[] _macs =
    [
        "hmac-sha2-256-etm@openssh.com",
        "hmac-sha2-512-etm@openssh.com",
        "hmac-sha2-256",
        "hmac-sha2-512",
    ];

    /// <summary>Leaves only these, in this order.</summary>
    public static void Choose(ConnectionInfo connection)
    {
        Keep(connection.KeyExchangeAlgorithms, _exchanges);
        Keep(connection.HostKeyAlgorithms, _hostKeys);
        Keep(connection.Encryptions, _ciphers);
        Keep(connection.HmacAlgorithms, _macs);
        Keep(connection.CompressionAlgorithms, ["none"]);
    }

    private static void Keep<T>(IOrderedDictionary<string, T> offered, string[] wanted)
    {
        var kept = wanted.Where(name => offered.ContainsKey(name)).Select(name => (name, offered[name])).ToArray();
        offered.Clear();
        foreach (var (name, algorithm) in kept)
            offered.Add(name, algorithm);
    }
}
