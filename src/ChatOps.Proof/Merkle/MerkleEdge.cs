using System.Numerics;

namespace ChatOps.Proof.Merkle;

/// <summary>
/// The right edge of a growing tree: the roots of its complete subtrees, at most one of each height. It is all that the next leaf and the
/// root need, so whoever reads a log once keeps no more than 64 hashes.
/// </summary>
internal sealed class MerkleEdge
{
    private readonly Stack<byte[]> _subtrees = new();

    public long Size { get; private set; }

    public byte[] Root
    {
        get
        {
            byte[]? root = null;
            foreach (var subtree in _subtrees)
                root = root is null ? subtree : MerkleHash.Node(subtree, root);
            return root ?? MerkleHash.Empty;
        }
    }

    public void Add(byte[] leaf)
    {
        var hash = leaf;
        // As many complete subtrees end here as the size has ones at its end.
        for (var i = BitOperations.TrailingZeroCount(~(ulong)Size); i > 0; i--)
            hash = MerkleHash.Node(_subtrees.Pop(), hash);
        _subtrees.Push(hash);
        Size++;
    }
}
