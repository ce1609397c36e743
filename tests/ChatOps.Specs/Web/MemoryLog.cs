using System.Runtime.CompilerServices;
using ChatOps.Core.Log;
using ChatOps.Core.Ports;

namespace ChatOps.Specs.Web;

/// <summary>The log in memory: all that the port promises but durability.</summary>
internal sealed class MemoryLog : IEventLog
{
    private readonly Lock _lock = new();
    private readonly List<Recorded> _records = [];
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<AppendResult> AppendAsync(string stream, long expectedVersion, IReadOnlyList<NewRecord> records, CancellationToken cancel)
    {
        lock (_lock)
        {
            var ids = records.Select(r => r.Id).ToHashSet();
            var earlier = _records.Where(r => r.Stream == stream && ids.Contains(r.Id)).ToList();
            if (earlier.Count == records.Count)
                return Task.FromResult<AppendResult>(new AppendResult.Appended(earlier));
            var last = _records.LastOrDefault(r => r.Stream == stream);
            if ((last?.Version ?? 0) != expectedVersion)
                return Task.FromResult<AppendResult>(new AppendResult.Conflict(last?.Version ?? 0));

            var appended = new List<Recorded>();
            foreach (var record in records)
            {
                var (body, hash) = RecordFormat.Seal(record, stream, (last?.Version ?? 0) + 1, last?.Hash ?? RecordFormat.NoPrevious);
                last = RecordFormat.Open(_records.Count + appended.Count + 1, body, hash);
                appended.Add(last);
            }

            _records.AddRange(appended);
            _grown.SetResult();
            _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return Task.FromResult<AppendResult>(new AppendResult.Appended(appended));
        }
    }

    public IAsyncEnumerable<Recorded> ReadStreamAsync(string stream, long afterVersion, CancellationToken cancel) =>
        After(0).Records.Where(r => r.Stream == stream && r.Version > afterVersion).ToAsyncEnumerable();

    public IAsyncEnumerable<Recorded> ReadAllAsync(long afterPosition, CancellationToken cancel) =>
        After(afterPosition).Records.ToAsyncEnumerable();

    public async IAsyncEnumerable<Recorded> FollowAsync(long afterPosition, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var (records, grown) = After(afterPosition);
            foreach (var recorded in records)
                yield return recorded;
            afterPosition += records.Length;
            await grown.WaitAsync(cancel);
        }
    }

    public Task<Recorded?> FindAsync(string id, CancellationToken cancel) =>
        Task.FromResult(After(0).Records.FirstOrDefault(r => r.Id == id));

    // Positions have no gaps here: the record at position n is the nth.
    private (Recorded[] Records, Task Grown) After(long position)
    {
        lock (_lock)
            return ([.. _records.Skip((int)position)], _grown.Task);
    }
}
