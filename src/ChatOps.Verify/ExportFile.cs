using System.Security.Cryptography;
using System.Text.Json;

namespace ChatOps.Verify;

/// <summary>An export of the whole log: a line that says what it is, a line a record, a line a note.</summary>
internal sealed class ExportFile
{
    private readonly Dictionary<string, (long Version, string Hash)> _ends = new(StringComparer.Ordinal);
    private readonly Tree _tree = new();

    /// <exception cref="WrongException">Something is wrong.</exception>
    public static IEnumerable<string> Check(Stream content, Trust trust)
    {
        // The sizes at which roots are wanted are in the notes, which are at the end.
        content.Position = 0;
        trust.Add(NotesIn(content));
        content.Position = 0;
        return new ExportFile().Run(content, trust);
    }

    private static List<Note> NotesIn(Stream content) =>
        [.. ByteLines.Read(content).Where(l => l.Span.StartsWith("{\"note\":"u8)).SelectMany(l => Note.ReadAll(TextOf(l, "note")))];

    private static string TextOf(ReadOnlyMemory<byte> line, string member) =>
        Read(line, member, v => v.GetString()) ?? throw Without(member);

    private static T Read<T>(ReadOnlyMemory<byte> line, string member, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return read(document.RootElement.GetProperty(member));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Without(member);
        }
    }

    private static WrongException Without(string member) =>
        new($"the file is not an export: a line without a \"{member}\" that can be read.");

    private List<string> Run(Stream content, Trust trust)
    {
        var checkpoints = trust.Checkpoints;
        var wanted = checkpoints.Select(c => c.Size).ToHashSet();
        var changes = trust.KeyChanges;
        long? records = null;
        foreach (var line in ByteLines.Read(content))
        {
            if (records is null)
            {
                records = HeaderOf(line, trust);
                continue;
            }

            if (_tree.Size < records)
            {
                var record = Take(line);
                if (changes.TryGetValue(_tree.Size, out var key) && record.Key != key)
                    throw new WrongException($"record {_tree.Size} does not announce the key {key}, as the note about that key says.");
                if (wanted.Contains(_tree.Size))
                    Hold(checkpoints, _tree.Size);
            }
            else if (!line.Span.StartsWith("{\"note\":"u8))
            {
                throw new WrongException($"the file says that it has {Words.Records(records ?? 0)}, and there are more.");
            }
        }

        if (records is null || _tree.Size < records)
            throw new WrongException($"the file says that it has {Words.Records(records ?? 0)}, and it ends after {_tree.Size}.");
        return Found(checkpoints);
    }

    private static long HeaderOf(ReadOnlyMemory<byte> line, Trust trust)
    {
        if (TextOf(line, "export") != "chatops-log-v1")
            throw new WrongException("the file is not an export of the kind chatops-log-v1.");
        var origin = TextOf(line, "origin");
        if (origin != trust.Origin)
            throw new WrongException($"the file is of the log {origin}, and the key is of {trust.Origin}.");
        var records = Read(line, "records", v => v.GetInt64());
        return records > 0 ? records : throw new WrongException($"the file says that it has {Words.Records(records)}: that shows nothing.");
    }

    private Record Take(ReadOnlyMemory<byte> line)
    {
        var number = _tree.Size + 1;
        if (Record.Read(line) is not { } record)
            throw new WrongException($"record {number} cannot be read.");
        var (version, previous) = _ends.GetValueOrDefault(record.Stream, (0, new string('0', 64)));
        var name = $"record {number} ({record.Stream} version {record.Version}, id {record.Id})";
        if (record.Version != version + 1)
            throw new WrongException($"{name} is out of place: version {version + 1} of its stream was expected.");
        if (record.Previous != previous)
            throw new WrongException(
                $"{name} does not follow the one before it in its stream: it names the hash {record.Previous}, and that one has {previous}."
            );
        _ends[record.Stream] = (record.Version, Convert.ToHexStringLower(SHA256.HashData(line.Span)));
        _tree.Add(line.Span);
        return record;
    }

    private void Hold(IReadOnlyList<(long Size, string Root)> checkpoints, long size)
    {
        var root = _tree.Root;
        foreach (var checkpoint in checkpoints.Where(c => c.Size == size))
        {
            if (checkpoint.Root == root)
                continue;
            var right = checkpoints.Select(c => c.Size).Where(s => s < size).DefaultIfEmpty(0).Max();
            throw new WrongException(
                $"{Words.NotSigned(right + 1, size)}: the checkpoint for {Words.Records(size)} has the root {checkpoint.Root}, the file has {root}."
            );
        }
    }

    private List<string> Found(IReadOnlyList<(long Size, string Root)> checkpoints)
    {
        if (checkpoints.Count == 0)
            throw new WrongException(
                $"no checkpoint: {(_tree.Size == 1 ? "1 record is whole, but nothing shows that it is the one that was" : $"{Words.Records(_tree.Size)} follow each other, but nothing shows that they are those that were")} written. Give one with --checkpoint."
            );
        var last = checkpoints[^1].Size;
        if (last > _tree.Size)
            throw new WrongException(
                $"record {_tree.Size + 1} and all after it are missing: a checkpoint was signed for {Words.Records(last)}, and the file has {_tree.Size}."
            );
        List<string> found =
        [
            $"whole: {Words.Records(_tree.Size)}, and {Words.Checkpoints(checkpoints.Count)} {(checkpoints.Count == 1 ? "agrees" : "agree")} with {(_tree.Size == 1 ? "it" : "them")}.",
        ];
        if (last < _tree.Size)
            found.Add(
                $"The last checkpoint is for {Words.Records(last)}: that the {(_tree.Size - last == 1 ? "1 after it was" : $"{_tree.Size - last} after it were")} not changed since is not shown."
            );
        return found;
    }
}
