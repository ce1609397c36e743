using System.Numerics;

namespace ChatOps.Proof.Merkle;

/// <summary>
/// Roots and proofs over a tree whose hashes are looked up as they are needed: inclusion by RFC 6962, section 2.1.1, and consistency by
/// section 2.1.2.
/// </summary>
/// <param name="complete">
/// The hash over the leaves from one index to before another, a complete subtree; null for one that is to be made of its two halves. A
/// single leaf is never null.
/// </param>
internal sealed class Proofs(Func<long, long, ValueTask<byte[]?>> complete)
{
    /// <summary>The hash over the leaves from one index to before another.</summary>
    public async ValueTask<byte[]> HashAsync(long from, long to)
    {
        if (from == to)
            return MerkleHash.Empty;
        if (await complete(from, to) is { } known)
            return known;
        var middle = from + LeftOf(to - from);
        var left = await HashAsync(from, middle);
        var right = await HashAsync(middle, to);
        return MerkleHash.Node(left, right);
    }

    /// <summary>
    /// The hashes that lead from a leaf to the root over the first <paramref name="size"/> leaves, the leaf's neighbour first.
    /// </summary>
    public async ValueTask<List<byte[]>> InclusionAsync(long index, long size)
    {
        var path = new List<byte[]>();
        for (var (from, to) = (0L, size); to - from > 1; )
        {
            var middle = from + LeftOf(to - from);
            var isLeft = index < middle;
            path.Add(isLeft ? await HashAsync(middle, to) : await HashAsync(from, middle));
            (from, to) = isLeft ? (from, middle) : (middle, to);
        }

        path.Reverse();
        return path;
    }

    /// <summary>
    /// The hashes that show that the tree of <paramref name="size"/> leaves begins with the one of <paramref name="former"/>.
    /// </summary>
    public async ValueTask<List<byte[]>> ConsistencyAsync(long former, long size)
    {
        var path = new List<byte[]>();
        if (former == 0 || former == size)
            return path;
        var (from, to, isKnown) = (0L, size, true);
        while (former != to)
        {
            var middle = from + LeftOf(to - from);
            var isLeft = former <= middle;
            path.Add(isLeft ? await HashAsync(middle, to) : await HashAsync(from, middle));
            isKnown &= isLeft;
            (from, to) = isLeft ? (from, middle) : (middle, to);
        }

        // The former root itself is known to whoever asks.
        if (!isKnown)
            path.Add(await HashAsync(from, to));
        path.Reverse();
        return path;
    }

    // The largest power of two below the size.
    private static long LeftOf(long size) => 1L << BitOperations.Log2((ulong)size - 1);
}
