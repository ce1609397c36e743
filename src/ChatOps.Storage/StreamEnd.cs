using ChatOps.Core.Domain.Changes;

namespace ChatOps.Storage;

/// <summary>Where a stream ends: what the next record must follow.</summary>
/// <param name="Version">The version of the last record; 0 before the first.</param>
/// <param name="Hash">The hash of the last record; null when it is not known, as for a reader that starts in the middle.</param>
internal readonly record struct StreamEnd(long Version, string? Hash)
{
    public static StreamEnd Empty { get; } = new(0, RecordFormat.NoPrevious);

    /// <summary>What is wrong with a record that comes next in the stream, or null.</summary>
    /// <param name="previous">The hash that it says the record before it has.</param>
    public string? Fault(long version, string previous)
    {
        if (version > Version + 1)
            return $"version {Version + 1} of its stream is missing before it";
        if (version <= Version)
            return $"version {Version + 1} was expected in its place";
        return Hash is null || previous == Hash
            ? null
            : $"it was appended to a record with the hash {previous}, but version {Version} has the hash {Hash}";
    }
}
