namespace ChatOps.Azure.Blobs;

/// <summary>A place in the chain of segments: where the next block goes, or comes from.</summary>
/// <param name="Segment">The segment's number, from 1.</param>
/// <param name="Offset">Bytes of it that are before this place.</param>
/// <param name="Position">The position of the last record before this place; 0 when there is none.</param>
internal sealed record LogTail(int Segment, long Offset, int Blocks, long Position)
{
    public static LogTail Start { get; } = new(1, 0, 0, 0);

    /// <summary>The place before the first block of the next segment.</summary>
    public LogTail NextSegment() => new(Segment + 1, 0, 0, Position);
}
