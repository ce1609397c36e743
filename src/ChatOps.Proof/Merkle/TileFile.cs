using System.Buffers.Binary;

namespace ChatOps.Proof.Merkle;

/// <summary>
/// The file that spares reading the whole log: for every 256 records the position of the last and the root of their subtree, 40 bytes. It
/// can be deleted; then it is made again by reading the log once.
/// </summary>
internal sealed class TileFile : IDisposable
{
    private const int EntryLength = sizeof(long) + MerkleHash.Length;

    private readonly FileStream _file;

    private TileFile(FileStream file) => _file = file;

    /// <summary>Opens the file, made when it is not there, and reads its tiles.</summary>
    public static (TileFile File, List<Tile> Tiles) Open(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        var file = new FileStream(path, options);
        var tiles = new List<Tile>();
        var entry = new byte[EntryLength];
        while (file.ReadAtLeast(entry, EntryLength, throwOnEndOfStream: false) == EntryLength)
            tiles.Add(new Tile(BinaryPrimitives.ReadInt64BigEndian(entry), entry.AsSpan(sizeof(long)).ToArray()));

        // Half an entry is what a power cut left.
        file.SetLength(tiles.Count * EntryLength);
        file.Seek(0, SeekOrigin.End);
        return (new TileFile(file), tiles);
    }

    public void Add(Tile tile)
    {
        var entry = new byte[EntryLength];
        BinaryPrimitives.WriteInt64BigEndian(entry, tile.LastPosition);
        tile.Root.CopyTo(entry, sizeof(long));
        _file.Write(entry);
        _file.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}

/// <summary>A complete subtree of <see cref="LogTree.TileSize"/> records.</summary>
/// <param name="LastPosition">The position of its last record in the log.</param>
internal sealed record Tile(long LastPosition, byte[] Root);
