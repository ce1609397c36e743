using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Values;
using ChatOps.Storage;

namespace ChatOps.Azure.Blobs;

internal sealed record LogPage(LogTail From, ReadOnlyMemory<byte> Bytes, long Length)
{
    public bool IsWhole => From.Offset + Bytes.Length == Length;

    /// <summary>The whole blocks of the page, each record checked by itself and that it is in its place.</summary>
    /// <exception cref="LogCorruptException">The first that is not as it was written.</exception>
    public PageContent Read(string name) => new Reader(this, name).Run();

    private sealed class Reader(LogPage page, string name)
    {
        private readonly List<StoredRow> _rows = [];
        private readonly List<string> _previous = [];
        private LogTail _tail = page.From;
        private LogTail _beforeLast = page.From;
        private int _at;

        public PageContent Run()
        {
            while (TryLine(_at, out var line, out var next))
            {
                if (LogLine.ReadEnd(line) is { } end)
                {
                    Close(end, next);
                    break;
                }

                if (!TryBlock())
                    break;
            }

            // The last line's end may not have come over yet, or never been written.
            if (page.IsWhole && _tail.Segment == page.From.Segment && _at < page.Bytes.Length)
                throw Broken(_tail.Position + 1, "its line has no end: the block is torn");
            return new(_rows, _previous, _beforeLast, _tail);
        }

        // All lines of the block at this place; false when some are beyond the page.
        private bool TryBlock()
        {
            var (at, rows) = (_at, _rows.Count);
            for (int nth = 1, count = 1; nth <= count; nth++)
            {
                var position = _tail.Position + nth;
                if (!TryLine(at, out var text, out var next))
                {
                    if (page.IsWhole)
                        throw Broken(position, $"its block is torn: {nth - 1} of its {Counts.Of(count, "record")} are there");
                    _rows.RemoveRange(rows, _rows.Count - rows);
                    _previous.RemoveRange(rows, _previous.Count - rows);
                    return false;
                }

                if (!LogLine.TryRead(text, out var line))
                    throw Broken(position, "its line cannot be read");
                if (line.Position != position)
                    throw Broken(position, $"the record at position {line.Position} is in its place");
                if (line.Nth != nth || (nth > 1 && line.Count != count))
                    throw Broken(
                        position,
                        $"its line says that it is record {line.Nth} of {line.Count} of its block, and it is record {nth}{(nth > 1 ? $" of {count}" : "")}"
                    );
                count = line.Count;
                Add(line);
                at = next;
            }

            _beforeLast = _tail;
            _tail = new LogTail(_tail.Segment, page.From.Offset + at, _tail.Blocks + 1, _tail.Position + _rows.Count - rows);
            _at = at;
            return true;
        }

        private void Add(LogLine line)
        {
            var (hash, body) = (Encoding.ASCII.GetString(line.Hash), Encoding.UTF8.GetString(line.Body));
            Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(line.Body, actual);
            var isRight = Convert.ToHexStringLower(actual) is var hex && hex == hash;
            try
            {
                var header = RecordHeader.Read(body);
                var row = new StoredRow(line.Position, header.Stream, header.Version, header.Id, hash, body);
                _rows.Add(isRight ? row : throw row.Corrupt(name, StoredRow.HashFault(hex, hash)));
                _previous.Add(header.Previous);
            }
            catch (JsonException e)
            {
                throw Broken(line.Position, isRight ? $"it cannot be read: {e.Message}" : StoredRow.HashFault(hex, hash), e);
            }
        }

        private void Close(long end, int next)
        {
            if (end != _tail.Position)
                throw Broken(_tail.Position + 1, $"the segment says that it ends with position {end}");
            if (page.From.Offset + next != page.Length)
                throw Broken(_tail.Position + 1, "something was written after the segment's end");
            _tail = _tail.NextSegment();
            _at = next;
        }

        private bool TryLine(int at, out ReadOnlySpan<byte> line, out int next)
        {
            var rest = page.Bytes.Span[at..];
            var length = rest.IndexOf((byte)'\n');
            line = length < 0 ? default : rest[..length];
            next = at + length + 1;
            return length >= 0;
        }

        private LogCorruptException Broken(long position, string what, Exception? inner = null) =>
            new($"{name}: the record at position {position} cannot be trusted: {what}. {StoredRow.Advice(name)}", inner);
    }
}

/// <param name="Rows">The records of its whole blocks.</param>
/// <param name="Previous">For each of them, the hash that it says the record before it in its stream has.</param>
internal sealed record PageContent(IReadOnlyList<StoredRow> Rows, IReadOnlyList<string> Previous, LogTail BeforeLast, LogTail To);
