using ChatOps.Proof.Merkle;
using ChatOps.Specs.Storage;
using ChatOps.Storage.Sqlite;
using ChatOps.Verify;

namespace ChatOps.Specs.Proof;

/// <summary>The tree is the one of RFC 6962, and its proofs are what another implementation accepts: that of chatops-verify.</summary>
public sealed class MerkleSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The leaves that Certificate Transparency's implementations test with, and their roots.
    public static readonly string[] Leaves =
    [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void The_roots_are_those_that_everybody_has(int size, string root)
    {
        var (edge, tree) = (new MerkleEdge(), new Tree());
        foreach (var leaf in Leaves.Take(size).Select(Convert.FromHexString))
        {
            edge.Add(MerkleHash.Leaf(leaf));
            tree.Add(leaf);
        }

        Assert.Equal(root, Convert.ToHexStringLower(edge.Root));
        Assert.Equal(root, Convert.ToHexStringLower(Convert.FromBase64String(tree.Root)));
    }

    [Fact]
    public async Task Every_record_is_proved_at_every_size_and_every_size_goes_on_from_every_former_one()
    {
        const int records = 40;
        await using var log = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        await log.Append("gateway/gw1", 0, [.. Enumerable.Range(1, records).Select(n => $"id-{n}")]);
        var texts = await log.ReadTextsAsync(0, default).ToListAsync();
        using var tree = LogTree.Open(log, _folder.In("log.tree"));
        await tree.CatchUpAsync(default);
        Assert.Equal(records, tree.Size);
        var roots = await RootsAsync(tree, records);
        for (var size = 1; size <= records; size++)
        {
            for (var index = 0; index < size; index++)
            {
                var proof = await tree.InclusionAsync(index, size, default);
                Assert.Equal(roots[size], Tree.RootOf(Tree.Leaf(texts[index].Body.Span), index, size, proof));
                Assert.NotEqual(roots[size], Tree.RootOf(Tree.Leaf(texts[(index + 1) % records].Body.Span), index, size, proof));
            }

            for (var former = 1; former <= size; former++)
                Assert.Equal(
                    (roots[former], roots[size]),
                    Tree.RootsOf(former, roots[former], size, await tree.ConsistencyAsync(former, size, default))
                );
        }
    }

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(700)]
    public async Task Tiles_change_nothing_and_are_made_again_when_they_are_deleted(int records)
    {
        await using var log = await SqliteEventLog.OpenAsync(_folder.In("log.db"));
        await log.Append("gateway/gw1", 0, [.. Enumerable.Range(1, records).Select(n => $"id-{n}")]);
        var edge = new MerkleEdge();
        var roots = new List<string>();
        await foreach (var text in log.ReadTextsAsync(0, default))
        {
            edge.Add(MerkleHash.Leaf(text.Body.Span));
            roots.Add(Convert.ToBase64String(edge.Root));
        }

        // New, opened again with its file, opened again without.
        for (var time = 0; time < 3; time++)
        {
            if (time == 2)
                File.Delete(_folder.In("log.tree"));
            using var tree = LogTree.Open(log, _folder.In("log.tree"));
            await tree.CatchUpAsync(default);
            Assert.Equal(records / LogTree.TileSize * 40, new FileInfo(_folder.In("log.tree")).Length);
            Assert.True(await tree.IsOfLogAsync(default));
            for (var size = 1; size <= records; size += 51)
            {
                Assert.Equal(roots[size - 1], Convert.ToBase64String(await tree.RootAsync(size, default)));
                var index = size / 2;
                Assert.Equal(index, await tree.IndexOfAsync(index + 1, default));
                var leaf = MerkleHash.Leaf((await log.ReadTextsAsync(index, default).FirstAsync()).Body.Span);
                Assert.Equal(roots[records - 1], Tree.RootOf(leaf, index, records, await tree.InclusionAsync(index, records, default)));
                Assert.Equal(
                    (roots[size - 1], roots[^1]),
                    Tree.RootsOf(size, roots[size - 1], records, await tree.ConsistencyAsync(size, records, default))
                );
            }
        }
    }

    private static async Task<string[]> RootsAsync(LogTree tree, int records)
    {
        var roots = new string[records + 1];
        for (var size = 0; size <= records; size++)
            roots[size] = Convert.ToBase64String(await tree.RootAsync(size, default));
        return roots;
    }
}
