namespace ChatOps.Verify;

/// <summary>The command line: a file, the key to trust, and checkpoints from anywhere.</summary>
internal static class Command
{
    private const string Usage = """
        Checks what ChatOps gives away of its log, without ChatOps and without a network.
          chatops-verify FILE --key KEY [--checkpoint NOTES]...
        FILE    an export of the log, a proof of single records, or a proof that it has only grown
        KEY     the public key of the log (NAME+ID+BASE64), or a file that begins with it
        NOTES   a file with checkpoints (and announcements of keys) from anywhere: what lay out of the keeper's reach proves the most
        Ends with 0 when all is well, 1 with a sentence that says what is wrong, 2 for a line that it does not understand.
        """;

    /// <summary>Runs a line and returns the exit code.</summary>
    public static int Run(IReadOnlyList<string> line, TextWriter output, TextWriter complaints)
    {
        if (line is ["-h"] or ["--help"])
        {
            output.WriteLine(Usage);
            return 0;
        }

        try
        {
            var (file, key, notes) = Read(line);
            using var content = Opened(file);
            var trust = new Trust(key, notes);
            foreach (var sentence in Check(content, trust))
                output.WriteLine(Shown.Of(sentence));
            return 0;
        }
        catch (WrongLineException e)
        {
            complaints.WriteLine($"{Shown.Of(e.Message)}\n{Usage}");
            return 2;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            complaints.WriteLine(Shown.Of(e.Message));
            return 2;
        }
        catch (WrongException e)
        {
            complaints.WriteLine(Shown.Of(e.Message));
            return 1;
        }
    }

    // It is read twice: the notes at the end say at which sizes roots are wanted.
    private static FileStream Opened(string path)
    {
        var content = File.OpenRead(path);
        if (content.CanSeek)
            return content;
        content.Dispose();
        throw new WrongLineException($"{path} is not a file that can be read twice; save it to a disk first.");
    }

    private static IEnumerable<string> Check(Stream content, Trust trust) =>
        ProofFile.IsOne(content) ? ProofFile.Check(content, trust)
        : GrowthFile.IsOne(content) ? GrowthFile.Check(content, trust)
        : ExportFile.Check(content, trust);

    private static (string File, Key Key, IReadOnlyList<Note> Notes) Read(IReadOnlyList<string> line)
    {
        string? file = null;
        Key? key = null;
        var notes = new List<Note>();
        for (var i = 0; i < line.Count; i++)
        {
            switch (line[i])
            {
                case "--key":
                    key = KeyOf(ValueOf(line, i++));
                    break;
                case "--checkpoint":
                    notes.AddRange(NotesOf(ValueOf(line, i++)));
                    break;
                case var option when option.StartsWith('-'):
                    throw new WrongLineException($"unknown option {option}.");
                case var name when file is null:
                    file = name;
                    break;
                default:
                    throw new WrongLineException("expected one FILE.");
            }
        }

        return (
            file ?? throw new WrongLineException("expected a FILE."),
            key ?? throw new WrongLineException("expected --key KEY."),
            notes
        );
    }

    private static string ValueOf(IReadOnlyList<string> line, int option) =>
        option + 1 < line.Count ? line[option + 1] : throw new WrongLineException($"expected a value after {line[option]}.");

    private static Key KeyOf(string text) =>
        Key.Read(text)
        ?? (File.Exists(text) ? Key.Read(TextFile.FirstLineOf(text)) : null)
        ?? throw new WrongLineException($"{text} is no key and no file that begins with one.");

    private static List<Note> NotesOf(string path)
    {
        using var content = Opened(path);
        var notes = Note.ReadAll(TextFile.Read(content));
        return notes.Count > 0 ? notes : throw new WrongLineException($"{path}: expected checkpoints.");
    }
}

/// <summary>What was checked is wrong; the message is the sentence that says so.</summary>
internal sealed class WrongException(string message) : Exception(message);

internal sealed class WrongLineException(string message) : Exception(message);
