using System.Collections.Immutable;

namespace ChatOps.Discord;

/// <summary>
/// A message to send. It is always the whole message: an edit replaces everything that was there, files too. Nobody is pinged by it,
/// whatever its text says.
/// </summary>
public sealed record MessagePayload
{
    /// <summary>Characters in <see cref="Content"/> at most.</summary>
    public const int MaxContent = 2000;

    /// <summary>Characters at most in all embeds together: titles, descriptions, names and values of fields, footers.</summary>
    public const int MaxInEmbeds = 6000;

    /// <summary>Text in Discord's markdown; empty for none.</summary>
    public string Content { get; init; } = "";

    /// <summary>Framed parts, at most 10.</summary>
    public ImmutableArray<Embed> Embeds { get; init; } = [];

    /// <summary>Rows of buttons, at most 5.</summary>
    public ImmutableArray<ButtonRow> Rows { get; init; } = [];

    /// <summary>Files, at most 10.</summary>
    public ImmutableArray<Attachment> Files { get; init; } = [];

    /// <summary>True to leave the files as they are that an edited message has; <see cref="Files"/> is then empty.</summary>
    public bool KeepsFiles { get; init; }

    /// <summary>
    /// True when only the person who is answered may see it. Only answers to interactions can be; an edit cannot change it.
    /// </summary>
    public bool IsEphemeral { get; init; }

    /// <summary>The message that it answers, in the same channel; null for none. Ignored by edits.</summary>
    public Snowflake? ReplyTo { get; init; }

    /// <summary>
    /// Within a few minutes a second message of the same nonce is not posted: the first is the answer. At most 25 characters; null to have
    /// one made.
    /// </summary>
    public string? Nonce { get; init; }
}

/// <summary>A framed part of a message.</summary>
public sealed record Embed
{
    /// <summary>Characters in <see cref="Description"/> at most.</summary>
    public const int MaxDescription = 4096;

    /// <summary>The heading, at most 256 characters.</summary>
    public string? Title { get; init; }

    /// <summary>The text, in Discord's markdown.</summary>
    public string? Description { get; init; }

    /// <summary>The colour of its edge, <c>0xRRGGBB</c>.</summary>
    public int? Color { get; init; }

    /// <summary>Name and value pairs, at most 25.</summary>
    public ImmutableArray<EmbedField> Fields { get; init; } = [];

    /// <summary>The small print.</summary>
    public EmbedFooter? Footer { get; init; }

    /// <summary>A time that every reader sees in his own time zone.</summary>
    public DateTimeOffset? Timestamp { get; init; }
}

/// <summary>A name and value pair of an embed.</summary>
/// <param name="Name">At most 256 characters, not empty.</param>
/// <param name="Value">At most 1024 characters, not empty.</param>
/// <param name="Inline">True to stand beside others.</param>
public sealed record EmbedField(string Name, string Value, bool Inline = false);

/// <summary>The small print of an embed.</summary>
/// <param name="Text">At most 2048 characters.</param>
public sealed record EmbedFooter(string Text);
