using ChatOps.Bot.Chat;
using ChatOps.Bot.Local;
using ChatOps.Bot.Peers;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Bot.Terminal;

/// <summary>
/// Prints what happens in the room: aligned text that reads as well in a log file, with restrained colour on a terminal. An edit is printed
/// as the message it has become; the steps of an apply overwrite each other on a terminal and are lines of their own in a file.
/// </summary>
internal sealed class TerminalWriter(TextWriter output, bool isTerminal)
{
    private const int DiffLines = 8,
        AnswerLines = 24;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private string _prompt = "";
    private string? _progressOf;
    private string[] _folded = [];
    private long _printed;

    /// <summary>True where a person reads and types; false for a file or a pipe.</summary>
    public bool IsTerminal => isTerminal;

    /// <summary>Prints what happens in a room until cancelled.</summary>
    /// <param name="offers">What can be typed here; null where nobody types.</param>
    public async Task RunAsync(ChatRoom room, CancellationToken cancel, TerminalOffers? offers = null)
    {
        await foreach (var entry in room.FollowAsync(cancel))
        {
            // What is somebody's alone is on their own page.
            if (entry.Message.For is null)
                Show(offers is null ? entry.Message : await offers.OfAsync(entry.Message, cancel));
            Interlocked.Exchange(ref _printed, entry.Sequence);
        }
    }

    /// <summary>Completes when everything that was posted up to a place in the room is printed.</summary>
    public async Task PrintedAsync(long sequence, CancellationToken cancel)
    {
        while (Interlocked.Read(ref _printed) < sequence)
            await Task.Delay(PollInterval, cancel);
    }

    /// <summary>Sets what stands on the last line: the prompt and what has been typed so far.</summary>
    public void Prompt(string prompt)
    {
        lock (_lock)
        {
            _prompt = prompt;
            output.Write($"\r\u001b[K{prompt}");
            output.Flush();
        }
    }

    /// <summary>Prints a text of our own.</summary>
    public void Say(string text)
    {
        lock (_lock)
            Write(text, null);
    }

    public void Clear()
    {
        lock (_lock)
        {
            _progressOf = null;
            output.Write($"\u001b[2J\u001b[H{_prompt}");
            output.Flush();
        }
    }

    public void More()
    {
        lock (_lock)
        {
            WriteLines(_folded);
            if (_folded.Length == 0)
                Write("nothing was left out.", null);
            _folded = [];
        }
    }

    /// <summary>Prints a file with a secret, for who asked for it at this terminal or holds the other end of the pipe.</summary>
    public void Whisper(Speaker to, PrivateFile file)
    {
        lock (_lock)
        {
            Write($"for {to.Actor.Name} alone, once: {file.Name}", "1");
            Write(file.Content.TrimEnd('\n'), null);
            foreach (var line in QrCode.Of(file.Content).Lines())
                Write(line, "97;40");
        }
    }

    public void Show(ChatMessage message)
    {
        lock (_lock)
        {
            var isProgress = message.Tone == Tone.Working && !message.Text.Contains('\n', StringComparison.Ordinal);
            if (isTerminal && _progressOf == message.Key)
                output.Write("\r\u001b[K\u001b[1A");
            _progressOf = isProgress ? message.Key : null;

            // What to type next stands last, below the diff.
            var end = message.Diff is null ? -1 : message.Text.LastIndexOf('\n');
            Write(
                message.Author is { } author ? $"{author}> {message.Text}"
                    : end < 0 ? message.Text
                    : message.Text[..end],
                Colour(message)
            );
            if (message.Diff is not { } diff)
                return;
            WriteDiff(message, diff);
            if (end >= 0)
                Write(message.Text[(end + 1)..], Colour(message));
        }
    }

    private void WriteDiff(ChatMessage message, string diff)
    {
        var lines = diff.Split('\n');

        // A proposal comes by itself and must leave room for the others. An answer was asked for: a file has all of it, and a person can
        // have the rest.
        var isAnswer = message.IsAnswer;
        var most =
            !isAnswer ? DiffLines
            : isTerminal ? AnswerLines
            : lines.Length;
        var shown = lines.Length <= most + 1 ? lines.Length : most;
        WriteLines(lines[..shown]);
        if (isAnswer)
            _folded = lines[shown..];
        if (shown < lines.Length)
            Write($"    ... {Counts.Of(lines.Length - shown, "more line")}: {(isAnswer ? "more" : $"show {message.Key}")}", "2");
    }

    private void WriteLines(string[] lines)
    {
        foreach (var line in lines)
            Write(
                $"    {line}",
                line.StartsWith('+') ? "32"
                    : line.StartsWith('-') ? "31"
                    : "2"
            );
    }

    private void Write(string text, string? colour)
    {
        if (!isTerminal)
        {
            output.WriteLine(text);
            output.Flush();
            return;
        }

        output.Write("\r\u001b[K");
        foreach (var line in text.Split('\n'))
            output.Write(colour is null ? $"{line}\u001b[K\r\n" : $"\u001b[{colour}m{line}\u001b[0m\u001b[K\r\n");
        output.Write(_prompt);
        output.Flush();
    }

    private static string? Colour(ChatMessage message) =>
        message.Author is not null
            ? "1"
            : message.Tone switch
            {
                Tone.Waiting => "33",
                Tone.Working => "36",
                Tone.Good => "32",
                Tone.Bad => "31",
                _ => null,
            };
}
