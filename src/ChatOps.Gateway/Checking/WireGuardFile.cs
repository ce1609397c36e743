using System.Text;

namespace ChatOps.Gateway.Checking;

/// <summary>wg0.conf: its keys stay on the gateway, and what it says can be compared with what the kernel says.</summary>
internal static class WireGuardFile
{
    /// <summary>What stands in a delivered file where the key will be.</summary>
    public const string Placeholder = "PrivateKey = KEPT-ON-THE-GATEWAY";

    private const string KeyLine = "PrivateKey = ";
    private const string PresharedLine = "PresharedKey = ";
    private const string PeerLineStart = "PublicKey = ";

    /// <summary>The file with keys in the places of KEPT-ON-THE-GATEWAY: this machine's, and the preshared ones.</summary>
    /// <param name="presharedOf">The preshared key of the peer with a public key.</param>
    public static byte[] WithKeys(byte[] delivered, string key, Func<string, string> presharedOf)
    {
        var peer = "";
        return Replaced(delivered, line =>
        {
            if (line.StartsWith(PeerLineStart, StringComparison.Ordinal))
                peer = line[PeerLineStart.Length..];
            return line switch
            {
                Placeholder => KeyLine + key.Trim(),
                SecretsFile.Placeholder => PresharedLine + presharedOf(peer),
                _ => line,
            };
        });
    }

    public static byte[] WithoutKeys(byte[] stored) => Replaced(stored, line => line.StartsWith(KeyLine, StringComparison.Ordinal)
                ? Placeholder
            : line.StartsWith(PresharedLine, StringComparison.Ordinal) ? SecretsFile.Placeholder
            : line);

    /// <summary>The public keys of the peers that want a preshared key.</summary>
    public static IReadOnlySet<string> Preshared(byte[]? delivered)
    {
        var (peers, peer) = (new HashSet<string>(StringComparer.Ordinal), "");
        foreach (var line in Encoding.Latin1.GetString(delivered ?? []).Split('\n'))
        {
            if (line.StartsWith(PeerLineStart, StringComparison.Ordinal))
                peer = line[PeerLineStart.Length..];
            else if (line == SecretsFile.Placeholder)
                peers.Add(peer);
        }

        return peers;
    }

    /// <summary>What the file says: a line an address, a line a peer, sorted; of secrets only that they are there.</summary>
    public static IReadOnlyList<string> ComparisonOfFile(string file)
    {
        var lines = new List<string>();
        var peer = new PeerLine();
        foreach (var line in file.Split('\n'))
        {
            if (line.StartsWith("[Peer]", StringComparison.Ordinal))
            {
                peer.AddTo(lines);
                peer = new PeerLine();
                continue;
            }

            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
                continue;
            var value = line[(equals + 1)..].Trim();
            switch (line[..equals].Trim())
            {
                case "ListenPort":
                    lines.Add($"port {value}");
                    break;
                case "Address":
                    lines.AddRange(ListOf(value).Select(a => $"address {a}"));
                    break;
                case "PublicKey":
                    peer.Key = value;
                    break;
                case "PresharedKey":
                    peer.HasSecret = true;
                    break;
                case "AllowedIPs":
                    peer.Allowed.AddRange(ListOf(value));
                    break;
                case "PersistentKeepalive" when value != "off":
                    peer.Keepalive = value;
                    break;
            }
        }

        peer.AddTo(lines);
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>The same of what is: of "wg show wg0 dump" and "ip -o addr show dev wg0 scope global".</summary>
    public static IReadOnlyList<string> ComparisonOfKernel(string dump, string addresses)
    {
        var lines = new List<string>();
        var isFirst = true;
        foreach (var line in dump.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // The interface: PRIVATE PUBLIC PORT FWMARK. A peer: PUBLIC PRESHARED ENDPOINT ALLOWED HANDSHAKE RECEIVED SENT KEEPALIVE.
            var field = line.Split('\t');
            if (isFirst && field.Length > 2)
                lines.Add($"port {field[2]}");
            else if (!isFirst && field.Length > 7)
                PeerOf(field).AddTo(lines);
            isFirst = false;
        }

        foreach (var line in addresses.Split('\n'))
        {
            var field = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (var i = 0; i + 1 < field.Length; i++)
            {
                if (field[i] is "inet" or "inet6")
                    lines.Add($"address {field[i + 1]}");
            }
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private static PeerLine PeerOf(string[] field) =>
        new()
        {
            Key = field[0],
            HasSecret = field[1] != "(none)",
            Allowed = [.. ListOf(field[3])],
            Keepalive = field[7] == "off" ? "" : field[7],
        };

    private static byte[] Replaced(byte[] file, Func<string, string> line) =>
        Encoding.Latin1.GetBytes(string.Join('\n', Encoding.Latin1.GetString(file).Split('\n').Select(line)));

    private static string[] ListOf(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private sealed class PeerLine
    {
        public string Key { get; set; } = "";

        public bool HasSecret { get; set; }

        public List<string> Allowed { get; init; } = [];

        public string Keepalive { get; set; } = "";

        public void AddTo(List<string> lines)
        {
            if (Key.Length == 0)
                return;
            var allowed = Allowed.Where(a => a != "(none)").Select(WithLength).Order(StringComparer.Ordinal);
            lines.Add(
                $"peer {Key} allowed {string.Join(',', allowed)}{(HasSecret ? " with a preshared key" : "")}"
                    + (Keepalive.Length > 0 ? $" keepalive {Keepalive}" : "")
            );
        }

        private static string WithLength(string network) =>
            network.Contains('/', StringComparison.Ordinal) ? network
            : network.Contains(':', StringComparison.Ordinal) ? $"{network}/128"
            : $"{network}/32";
    }
}
