using System.Security.Cryptography;

namespace ChatOps.Verify;

/// <summary>The Merkle tree of RFC 6962 over records as they come.</summary>
internal sealed class Tree
{
    private readonly List<byte[]> _complete = [];

    public long Size { get; private set; }

    /// <summary>The root over them, base64.</summary>
    public string Root
    {
        get
        {
            if (_complete.Count == 0)
                return Convert.ToBase64String(SHA256.HashData([]));
            var root = _complete[^1];
            for (var i = _complete.Count - 2; i >= 0; i--)
                root = Node(_complete[i], root);
            return Convert.ToBase64String(root);
        }
    }

    /// <summary>True for a text that is a root: 32 bytes in base64.</summary>
    public static bool IsRoot(string text)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        return text.Length == 44 && Convert.TryFromBase64String(text, bytes, out var length) && length == bytes.Length;
    }

    public static byte[] Leaf(ReadOnlySpan<byte> record)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([0]);
        hash.AppendData(record);
        return hash.GetHashAndReset();
    }

    /// <summary>
    /// The root that a leaf and the hashes beside its way lead to (RFC 9162, section 2.1.3.2); null when there are too many or too few.
    /// </summary>
    public static string? RootOf(byte[] leaf, long index, long size, IReadOnlyList<byte[]> beside)
    {
        if (index < 0 || index >= size)
            return null;
        var (at, last, hash) = (index, size - 1, leaf);
        foreach (var other in beside)
        {
            if (last == 0)
                return null;
            if (at % 2 == 1 || at == last)
            {
                hash = Node(other, hash);
                // Where the tree ends, levels without a neighbour are passed over.
                for (; at % 2 == 0 && at != 0; at >>= 1)
                    last >>= 1;
            }
            else
            {
                hash = Node(hash, other);
            }

            at >>= 1;
            last >>= 1;
        }

        return last == 0 ? Convert.ToBase64String(hash) : null;
    }

    /// <summary>
    /// The roots of a former size and of a later one that the hashes of a consistency proof lead to (RFC 9162, section 2.1.4.2); null when
    /// there are too many or too few.
    /// </summary>
    public static (string Former, string Later)? RootsOf(long former, string formerRoot, long size, IReadOnlyList<byte[]> hashes)
    {
        if (former < 1 || former > size)
            return null;
        if (former == size)
            return hashes.Count == 0 ? (formerRoot, formerRoot) : null;

        // A complete former tree is a node of the later one, and its root is not repeated in the proof.
        var all = new Queue<byte[]>((former & (former - 1)) == 0 ? [Convert.FromBase64String(formerRoot), .. hashes] : hashes);
        var (at, last) = (former - 1, size - 1);
        for (; at % 2 == 1; at >>= 1)
            last >>= 1;
        if (!all.TryDequeue(out var first))
            return null;
        var (one, other) = (first, first);
        foreach (var hash in all)
        {
            if (last == 0)
                return null;
            if (at % 2 == 1 || at == last)
            {
                (one, other) = (Node(hash, one), Node(hash, other));
                for (; at % 2 == 0 && at != 0; at >>= 1)
                    last >>= 1;
            }
            else
            {
                other = Node(other, hash);
            }

            at >>= 1;
            last >>= 1;
        }

        return last == 0 ? (Convert.ToBase64String(one), Convert.ToBase64String(other)) : null;
    }

    public void Add(ReadOnlySpan<byte> record)
    {
        var hash = Leaf(record);
        for (var size = Size; size % 2 == 1; size /= 2)
        {
            hash = Node(_complete[^1], hash);
            _complete.RemoveAt(_complete.Count - 1);
        }

        _complete.Add(hash);
        Size++;
    }

    private static byte[] Node(byte[] left, byte[] right) => SHA256.HashData([1, .. left, .. right]);
}
