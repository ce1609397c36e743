using ChatOps.Core.Log;
using ChatOps.Core.Ports;

namespace ChatOps.Bot.Exports;

/// <summary>
/// Reads single records of the log, one after the other, at growing positions. What is near is read on to; what is far is begun at anew, so that
/// neither a few records of a long log nor nearly all of them cost more than they must.
/// </summary>
internal sealed class RecordReader(IEventLog log, CancellationToken cancel) : IAsyncDisposable
{
    private const long Near = 2_000;

    private IAsyncEnumerator<Recorded>? _records;
    private long _at;

    /// <summary>The record at a position, as the log holds it.</summary>
    /// <exception cref="LogCorruptException">There is none.</exception>
    public async Task<Recorded> AtAsync(long position)
    {
        if (_records is null || position <= _at || position > _at + Near)
        {
            await DisposeAsync();
            _records = log.ReadAllAsync(position - 1, cancel).GetAsyncEnumerator(cancel);
        }

        while (await _records.MoveNextAsync())
        {
            _at = _records.Current.Position;
            if (_at == position)
                return _records.Current;
            if (_at > position)
                break;
        }

        throw new LogCorruptException($"the record at position {position} was there and is gone. Next: stop, and restore the log from a copy");
    }

    /// <summary>Ends the reading under way.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_records is not null)
            await _records.DisposeAsync();
        (_records, _at) = (null, 0);
    }
}
