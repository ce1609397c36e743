using System.Collections.Immutable;

namespace ChatOps.Discord;

/// <summary>How a button looks; Discord's numbers.</summary>
public enum ButtonStyle
{
    /// <summary>Blue: the action that is expected next.</summary>
    Primary = 1,

    /// <summary>Grey: an action of no more weight than those beside it.</summary>
    Secondary = 2,

    /// <summary>Green: approves, or confirms.</summary>
    Success = 3,

    /// <summary>Says no, or takes something away.</summary>
    Danger = 4,
}

/// <summary>A button under a message: pressing it makes an interaction.</summary>
/// <param name="CustomId">Comes back when it is pressed; 1 to 100 characters, unique in the message.</param>
/// <param name="Label">What stands on it; at most 80 characters.</param>
/// <param name="IsDisabled">True when it cannot be pressed.</param>
public sealed record Button(string CustomId, string Label, ButtonStyle Style, bool IsDisabled = false);

/// <summary>Buttons side by side, at most 5.</summary>
public sealed record ButtonRow(params ImmutableArray<Button> Buttons);

/// <summary>A form that pops up.</summary>
/// <param name="CustomId">Comes back when it is sent off; 1 to 100 characters.</param>
/// <param name="Title">At most 45 characters.</param>
/// <param name="Fields">1 to 5 fields.</param>
public sealed record Form(string CustomId, string Title, params ImmutableArray<FormField> Fields);

/// <summary>A field of a form, for text.</summary>
/// <param name="CustomId">Names its value in what comes back; 1 to 100 characters.</param>
/// <param name="Label">What it asks for; at most 45 characters.</param>
public sealed record FormField(string CustomId, string Label)
{
    /// <summary>True for several lines.</summary>
    public bool IsParagraph { get; init; }

    /// <summary>False when it may be left empty.</summary>
    public bool IsRequired { get; init; } = true;

    /// <summary>Characters at least, 0 to 4000.</summary>
    public int? MinLength { get; init; }

    /// <summary>Characters at most, 1 to 4000.</summary>
    public int? MaxLength { get; init; }

    /// <summary>What stands there while it is empty; at most 100 characters.</summary>
    public string? Placeholder { get; init; }
}
