using System.Security.Cryptography;

namespace ChatOps.Proof.Merkle;

/// <summary>
/// The hashes of RFC 6962, section 2.1. What is hashed begins with 0 for a leaf and 1 for a node, so that neither passes for the other.
/// </summary>
internal static class MerkleHash
{
    /// <summary>The length of a hash in bytes.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    private const int OnStack = 4096;

    public static byte[] Empty { get; } = SHA256.HashData([]);

    /// <summary>The hash of a leaf: of a record's canonical JSON.</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> content)
    {
        var all = content.Length < OnStack ? stackalloc byte[content.Length + 1] : new byte[content.Length + 1];
        all[0] = 0;
        content.CopyTo(all[1..]);
        return SHA256.HashData(all);
    }

    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> all = stackalloc byte[1 + (2 * Length)];
        all[0] = 1;
        left.CopyTo(all[1..]);
        right.CopyTo(all[(1 + Length)..]);
        return SHA256.HashData(all);
    }
}
