using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;

namespace ChatOps.Bot.Exports;

/// <summary>
/// Reads single records of the log as they are stored, one after the other, at growing positions. What is near is read on to; what is far
/// is begun at anew, so that neither a few records of a long log nor nearly all of them cost more than they must.
/// </summary>
internal sealed class RecordReader(IEventLog log, CancellationToken cancel) : IAsyncDisposable
{
    private const long Near = 2_000;

    private IAsyncEnumerator<RecordText>? _records;
    private long _at;

    /// <summary>The stored text of the record at a position: what its hash is over.</summary>
    /// <exception cref="LogCorruptException">There is none.</exception>
    public async Task<RecordText> AtAsync(long position)
    {
        if (_records is null || position <= _at || position > _at + Near)
        {
            await DisposeAsync();
            _records = log.ReadTextsAsync(position - 1, cancel).GetAsyncEnumerator(cancel);
        }

        while (await _records.MoveNextAsync())
        {
            _at = _records.Current.Position;
            if (_at == position)
                return _records.Current;
            if (_at > position)
                break;
        }

        throw new LogCorruptException($"the record at position {position} was there and is gone. Next: audit verify");
    }

    public async ValueTask DisposeAsync()
    {
        if (_records is not null)
            await _records.DisposeAsync();
        (_records, _at) = (null, 0);
    }
}
