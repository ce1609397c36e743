using System.Collections.Immutable;
using System.Text;
using ChatOps.Bot.Chat;
using ChatOps.Bot.Conversation;
using ChatOps.Bot.Peers;
using ChatOps.Discord;

namespace ChatOps.Bot.Discord.Cards;

/// <summary>How messages look on Discord. What has no room in a message goes along as a file.</summary>
internal static class MessageFormatter
{
    private const int LongestTitle = 256;
    private const int LongestFirstLine = 900;
    private const int LongestText = 3000;
    private const int LongestDiff = 1500;
    private const int MostDiffLines = 30;
    private const int CodeScale = 8;

    /// <summary>The message of a change or an alert: a heading, its lines, its diff, its buttons.</summary>
    public static MessagePayload Card(ChatMessage message)
    {
        var (whole, next) = Parted(message);
        var lines = whole.Split('\n');
        var title = Markdown.Prose(lines[0]);
        var fits = title.Length <= LongestTitle;
        var (text, file) = Fitted(string.Join('\n', lines.Skip(fits ? 1 : 0).Select(l => l.Trim())), $"{message.Key}.txt", Markdown.Prose);
        var (diff, diffFile) = DiffOf(message);
        return new()
        {
            Embeds = Framed(
                new Embed { Title = fits ? title : null, Description = text.Length > 0 ? text : null },
                diff,
                next,
                message.Tone
            ),
            Rows = ButtonsOf(message) is { Buttons.IsEmpty: false } row ? [row] : [],
            Files = [.. new[] { file, diffFile }.OfType<Attachment>()],
        };
    }

    /// <summary>An answer: its first line says it, and what follows is aligned, as in the terminal. A refusal is prose.</summary>
    public static MessagePayload Answer(ChatMessage message, bool isEphemeral)
    {
        var (whole, next) = Parted(message);
        var end = whole.IndexOf('\n', StringComparison.Ordinal);
        var first = end < 0 ? "" : Markdown.Prose(whole[..end]);
        var isProse = end < 0 || message.Tone == Tone.Bad || first.Length > LongestFirstLine;
        var (rest, file) = isProse
            ? Fitted(whole, "answer.txt", Markdown.Prose)
            : Fitted(whole[(end + 1)..], "answer.txt", t => Markdown.Block(t));
        var (diff, diffFile) = DiffOf(message);
        return new()
        {
            Embeds = Framed(new Embed { Description = isProse ? rest : Joined(first, rest) }, diff, next, message.Tone),
            Files = [.. new[] { file, diffFile }.OfType<Attachment>()],
            IsEphemeral = isEphemeral,
        };
    }

    /// <summary>A file with a secret and its QR code, for one person.</summary>
    public static MessagePayload Private(PrivateFile file) =>
        new()
        {
            Content = Markdown.Prose($"{file.Name}, for you alone and once. When it is lost: {file.Again}"),
            Files = [new(file.Name, Encoding.UTF8.GetBytes(file.Content)), new($"{file.Name}.png", QrCode.Of(file.Content).Png(CodeScale))],
            IsEphemeral = true,
        };

    public static MessagePayload File(string name, byte[] content) =>
        new()
        {
            Content = Markdown.Prose(name),
            Files = [new(name, content)],
            IsEphemeral = true,
        };

    /// <summary>A sentence of our own, for one person.</summary>
    public static MessagePayload Note(string text) =>
        new() { Embeds = [new() { Description = text, Color = ColourOf(Tone.Bad) }], IsEphemeral = true };

    // What is folded elsewhere, such as file diffs: a frame of its own, or a file when it is long.
    private static (string? Block, Attachment? File) DiffOf(ChatMessage message)
    {
        if (message.Diff is not { } diff)
            return (null, null);
        var block = Markdown.Block(diff, "diff");
        return block.Length <= LongestDiff && diff.AsSpan().Count('\n') < MostDiffLines
            ? (block, null)
            : (null, new Attachment($"{FileName(message.Key)}.diff", Encoding.UTF8.GetBytes(diff)));
    }

    // What to type next comes last, so after a diff that is in the message.
    private static (string Text, string Next) Parted(ChatMessage message)
    {
        var end = message.Text.LastIndexOf('\n');
        return end > 0 && DiffOf(message).Block is not null && !NextLines.In(message.Text[(end + 1)..]).IsEmpty
            ? (message.Text[..end], message.Text[(end + 1)..])
            : (message.Text, "");
    }

    private static ImmutableArray<Embed> Framed(Embed text, string? diff, string next, Tone tone)
    {
        var colour = ColourOf(tone);
        return diff is null
            ? [text with { Color = colour }]
            : [text with { Color = colour }, new Embed { Description = Joined(diff, Markdown.Prose(next)), Color = colour }];
    }

    private static string FileName(string key) => key.StartsWith("answer:", StringComparison.Ordinal) ? "answer" : key;

    // Cut at the end of a line; the whole text is in the file.
    private static (string Text, Attachment? File) Fitted(string text, string name, Func<string, string> write)
    {
        var whole = write(text);
        if (whole.Length <= LongestText)
            return (whole, null);

        // Nothing gets shorter by being written.
        var lines = text[..Math.Min(text.Length, LongestText)].Split('\n');
        var shown = lines.Length - 1;
        while (shown > 0 && write(string.Join('\n', lines.Take(shown))).Length > LongestText)
            shown--;
        var cut = shown > 0 ? string.Join('\n', lines.Take(shown)) : lines[0][..(LongestText / 4)];
        return (Joined(write(cut), "... the whole text is in the file"), new Attachment(name, Encoding.UTF8.GetBytes(text)));
    }

    private static string Joined(string one, string two) =>
        one.Length == 0 ? two
        : two.Length == 0 ? one
        : $"{one}\n{two}";

    private static ButtonRow ButtonsOf(ChatMessage message)
    {
        var buttons = message.Buttons.AsEnumerable();
        if (message.Diff is not null && !message.Buttons.IsEmpty)
            buttons = buttons.Append(new("Show diff", $"show {message.Key}"));
        return new([.. buttons.Select(b => ButtonId.Of(b) is { } id ? new Button(id, b.Label, StyleOf(b)) : null).OfType<Button>()]);
    }

    private static ButtonStyle StyleOf(ChatButton button) =>
        button.Line.StartsWith("approve ", StringComparison.Ordinal) ? ButtonStyle.Success
        : button.Line.StartsWith("deny ", StringComparison.Ordinal) ? ButtonStyle.Danger
        : ButtonStyle.Secondary;

    private static int ColourOf(Tone tone) =>
        tone switch
        {
            Tone.Waiting => 0xE5A50A,
            Tone.Working => 0x3584E4,
            Tone.Good => 0x2EA043,
            Tone.Bad => 0xDA3633,
            _ => 0x8B949E,
        };
}
