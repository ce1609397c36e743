using System.Text;

namespace ChatOps.Gateway.Checking;

/// <summary>A preshared key that was sealed to a gateway: whose it is, which gateway can open it, and the box in base64.</summary>
internal readonly record struct SealedRow(string Peer, string Gateway, string Box);

/// <summary>secrets: the preshared keys of peers, sealed to gateways, a box a line. What is in them goes into wg0.conf here.</summary>
internal static class SecretsFile
{
    /// <summary>What stands in a delivered wg0.conf where the key will be.</summary>
    public const string Placeholder = "PresharedKey = KEPT-ON-THE-GATEWAY";

    private const string Row = "psk {key} {key} {box}";

    public static Format Format { get; } = new("secrets", new Section("", Row), declared => new Boxes(declared));

    public static IReadOnlyList<SealedRow> Rows(byte[]? file) =>
        [
            .. Encoding
                .Latin1.GetString(file ?? [])
                .Split('\n')
                .Select(l => l.Split(' '))
                .Where(f => f is ["psk", _, _, _])
                .Select(f => new SealedRow(f[1], f[2], f[3])),
        ];

    public static IReadOnlySet<string> PeersOf(byte[]? file) => Rows(file).Select(r => r.Peer).ToHashSet();

    // Of a peer a gateway has one, and the tunnel's file asks for it.
    private sealed class Boxes(Declared declared) : Examiner
    {
        private readonly HashSet<(string, string)> _had = [];

        public override string? Look(Statement statement)
        {
            var (peer, gateway) = (statement[0].Word, statement[1].Word);
            return !_had.Add((peer, gateway)) ? "there is one of this peer for this gateway already"
                : declared.Preshared is { } wanted && !wanted.Contains(peer) ? $"wg0.conf has no peer {peer} with: {Placeholder}"
                : null;
        }
    }
}
