using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Specs.Storage;

/// <summary>Records to write, and short ways to write and read them.</summary>
internal static class Sample
{
    public const string Gw1 = "gateway/gw1";
    public const string Gw2 = "gateway/gw2";

    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly Actor Ann = new("local", "ann", "Ann");

    public static NewRecord Record(string id, int number = 1) =>
        new(id, Noon, Ann, null, null, new ChangeApproved(number, $"plan of {id}"));

    public static NewRecord[] Records(params string[] ids) => [.. ids.Select(id => Record(id))];

    public static async Task<IReadOnlyList<Recorded>> Append(this IEventLog log, string stream, long expected, params string[] ids) =>
        Assert.IsType<AppendResult.Appended>(await log.AppendAsync(stream, expected, Records(ids), default)).Records;

    /// <summary>Appends whatever the stream's version is, as every writer does: on a lost race look again.</summary>
    public static async Task AppendAnyhow(this IEventLog log, string stream, string id)
    {
        var version = 0L;
        while (await log.AppendAsync(stream, version, [Record(id)], default) is AppendResult.Conflict conflict)
            version = conflict.ActualVersion;
    }

    public static async Task<List<Recorded>> Stream(this IEventLog log, string stream, long after = 0) =>
        await log.ReadStreamAsync(stream, after, default).ToListAsync();

    public static async Task<List<Recorded>> All(this IEventLog log, long after = 0) =>
        await log.ReadAllAsync(after, default).ToListAsync();

    public static IEnumerable<string> Ids(this IEnumerable<Recorded> records) => records.Select(r => r.Id);

    /// <summary>The first records that a follower sees.</summary>
    public static async Task<List<Recorded>> Follow(this IEventLog log, long after, int count)
    {
        var patience = Patience.Token;
        return await log.FollowAsync(after, patience).Take(count).ToListAsync(patience);
    }
}
