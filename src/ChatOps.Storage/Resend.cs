using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Storage;

/// <summary>
/// An append whose ids are in the log already was sent twice, and the records of the first time are its answer. Anything in between (half
/// of them there, or the id of something else) cannot come from sending twice: ids were made wrongly, and going on would lose an event.
/// </summary>
internal static class Resend
{
    /// <summary>The earlier records, or null when none is there.</summary>
    /// <param name="found">For each of them the record in the log with its id, or null.</param>
    /// <exception cref="InvalidOperationException">A bug in what makes the ids.</exception>
    public static IReadOnlyList<Recorded>? Earlier(string stream, IReadOnlyList<NewRecord> records, IReadOnlyList<Recorded?> found)
    {
        if (records.Select(r => r.Id).Distinct(StringComparer.Ordinal).Count() < records.Count)
            throw Bug(stream, "two of the new records have the same id");
        Recorded[] there = [.. found.OfType<Recorded>()];
        if (there.FirstOrDefault(r => r.Stream != stream) is { } foreign)
            throw Bug(stream, $"id {foreign.Id} is in {foreign.Stream} already");
        if (there.Length > 0 && there.Length < records.Count)
            throw Bug(stream, $"only {there.Length} of {Counts.Of(records.Count, "record")} are there already, such as id {there[0].Id}");
        foreach (var (record, earlier) in records.Zip(there))
        {
            if (!IsSame(record, earlier))
                throw Bug(stream, $"id {record.Id} is there already, as version {earlier.Version}, with other content");
        }

        return there.Length > 0 || records.Count == 0 ? there : null;
    }

    /// <summary>Same content, as the hash sees it. Time and display name may differ: who sends again does so later.</summary>
    private static bool IsSame(NewRecord record, Recorded earlier)
    {
        var actor = record.Actor.IsSameAs(earlier.Actor) ? earlier.Actor : record.Actor;
        var again = record with { Time = earlier.Time, Actor = actor };
        return RecordFormat.Seal(again, earlier.Stream, earlier.Version, earlier.Previous).Hash == earlier.Hash;
    }

    private static InvalidOperationException Bug(string stream, string what) =>
        new($"appending to {stream}: {what}. An id names one event for ever; nothing was written");
}
