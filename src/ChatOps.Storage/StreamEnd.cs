using ChatOps.Core.Log;

namespace ChatOps.Storage;

/// <summary>Where a stream ends: what the next record must follow.</summary>
/// <param name="Version">The version of the last record; 0 before the first.</param>
/// <param name="Hash">The hash of the last record; null when it is not known, as for a reader that starts in the middle.</param>
internal readonly record struct StreamEnd(long Version, string? Hash)
{
    /// <summary>Before the first record.</summary>
    public static StreamEnd Empty { get; } = new(0, RecordFormat.NoPrevious);

    /// <summary>The end once this record is the last.</summary>
    public static StreamEnd At(Recorded record) => new(record.Version, record.Hash);

    /// <summary>What is wrong with a record that comes next, or null.</summary>
    public string? Fault(Recorded next)
    {
        if (next.Version > Version + 1)
            return $"version {Version + 1} of {next.Stream} is missing before it";
        if (next.Version <= Version)
            return $"version {Version + 1} was expected in its place";
        return Hash is null || next.Previous == Hash
            ? null
            : $"it was appended to a record with the hash {next.Previous}, but version {Version} has the hash {Hash}";
    }
}
