using System.Security.Cryptography;

namespace ChatOps.Verify;

/// <summary>The Merkle tree of RFC 6962 over records as they come.</summary>
internal sealed class Tree
{
    private readonly List<byte[]> _complete = [];

    /// <summary>How many records.</summary>
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

    /// <summary>The hash of a record.</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> record)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([0]);
        hash.AppendData(record);
        return hash.GetHashAndReset();
    }

    /// <summary>The root that a leaf and the hashes beside its way lead to (RFC 9162, section 2.1.3.2); null when there are too many or too few.</summary>
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

    /// <summary>Takes the next record.</summary>
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
