using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Proof.Merkle;

/// <summary>
/// The Merkle tree over all records of a log in the order of their positions. Of complete tiles of 256 records it keeps the root only, in a
/// small file; for a proof within a tile the log is asked for its records again. Not safe for threads.
/// </summary>
internal sealed class LogTree : IDisposable
{
    public const int TileSize = 256;

    private readonly IEventLog _log;
    private readonly TileFile _file;
    private readonly List<Tile> _tiles;
    private readonly List<(long Position, byte[] Hash)> _tail = [];
    private readonly Proofs _proofs;
    private (long Tile, List<(long Position, byte[] Hash)> Leaves) _lastRead = (-1, []);
    private CancellationToken _cancel;

    private LogTree(IEventLog log, TileFile file, List<Tile> tiles)
    {
        (_log, _file, _tiles) = (log, file, tiles);
        Position = tiles.Count == 0 ? 0 : tiles[^1].LastPosition;
        _proofs = new Proofs(CompleteAsync);
    }

    public long Size => (_tiles.Count * (long)TileSize) + _tail.Count;

    /// <summary>The position of the last record in the tree.</summary>
    public long Position { get; private set; }

    /// <summary>Opens the tree of a log. Nothing is read of the log yet.</summary>
    /// <param name="path">The file for its tiles; made when it is not there.</param>
    public static LogTree Open(IEventLog log, string path)
    {
        var (file, tiles) = TileFile.Open(path);
        return new LogTree(log, file, tiles);
    }

    public async Task CatchUpAsync(CancellationToken cancel)
    {
        await foreach (var text in _log.ReadTextsAsync(Position, cancel))
            Add(text);
    }

    /// <summary>
    /// False when the log has no longer the records of the last tile: the tiles are then those of another log, or of one that was longer.
    /// </summary>
    public async Task<bool> IsOfLogAsync(CancellationToken cancel)
    {
        _cancel = cancel;
        if (_tiles.Count == 0)
            return true;
        var edge = new MerkleEdge();
        try
        {
            foreach (var (_, leaf) in await LeavesAsync(_tiles.Count - 1))
                edge.Add(leaf);
        }
        catch (LogCorruptException)
        {
            return false;
        }

        return edge.Root.AsSpan().SequenceEqual(_tiles[^1].Root);
    }

    /// <summary>The index, from 0, of the record at a position; null when there is none.</summary>
    public async Task<long?> IndexOfAsync(long position, CancellationToken cancel)
    {
        _cancel = cancel;
        var tile = _tiles.FindIndex(t => t.LastPosition >= position) is >= 0 and var found ? found : _tiles.Count;
        var within = (await LeavesAsync(tile)).FindIndex(l => l.Position == position);
        return within < 0 ? null : (tile * (long)TileSize) + within;
    }

    public async Task<byte[]> RootAsync(long size, CancellationToken cancel)
    {
        _cancel = cancel;
        return await _proofs.HashAsync(0, Within(size));
    }

    /// <summary>The proof that the record at an index, from 0, is among the first records.</summary>
    public async Task<List<byte[]>> InclusionAsync(long index, long size, CancellationToken cancel)
    {
        _cancel = cancel;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Within(size));
        return await _proofs.InclusionAsync(index, size);
    }

    /// <summary>The proof that the first <paramref name="size"/> records begin with the first <paramref name="former"/>.</summary>
    public async Task<List<byte[]>> ConsistencyAsync(long former, long size, CancellationToken cancel)
    {
        _cancel = cancel;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(former, Within(size));
        return await _proofs.ConsistencyAsync(former, size);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Add(RecordText text)
    {
        _tail.Add((text.Position, MerkleHash.Leaf(text.Body.Span)));
        Position = text.Position;
        if (_tail.Count < TileSize)
            return;
        var edge = new MerkleEdge();
        foreach (var (_, leaf) in _tail)
            edge.Add(leaf);
        var tile = new Tile(text.Position, edge.Root);
        _file.Add(tile);
        _tiles.Add(tile);
        _tail.Clear();
    }

    private long Within(long size) =>
        size <= Size ? size : throw new ArgumentOutOfRangeException(nameof(size), size, $"the tree has {Counts.Of(Size, "record")}");

    private async ValueTask<byte[]?> CompleteAsync(long from, long to)
    {
        var tile = from / TileSize;
        if (to - from == TileSize && tile < _tiles.Count)
            return _tiles[(int)tile].Root;
        if (to - from > 1)
            return null;
        return (await LeavesAsync(tile))[(int)(from % TileSize)].Hash;
    }

    private async ValueTask<List<(long Position, byte[] Hash)>> LeavesAsync(long tile)
    {
        if (tile >= _tiles.Count)
            return _tail;
        if (_lastRead.Tile == tile)
            return _lastRead.Leaves;
        var before = tile == 0 ? 0 : _tiles[(int)tile - 1].LastPosition;
        var leaves = new List<(long, byte[])>(TileSize);
        await foreach (var text in _log.ReadTextsAsync(before, _cancel))
        {
            leaves.Add((text.Position, MerkleHash.Leaf(text.Body.Span)));
            if (leaves.Count == TileSize)
                break;
        }

        if (leaves.Count < TileSize)
            throw new LogCorruptException($"the log has no {TileSize} records any more after position {before}. Next: audit verify");
        _lastRead = (tile, leaves);
        return leaves;
    }
}
