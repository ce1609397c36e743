using ChatOps.Core.Domain.Gateways;

namespace ChatOps.Core.Domain.Changes;

/// <summary>Who hears of an event as it happens. Whoever else wants to know asks <c>audit</c>.</summary>
public enum Told
{
    /// <summary>No one: only who asks for it sees the event.</summary>
    Nobody,

    /// <summary>Who sees the message of the change, which is edited.</summary>
    Card,

    /// <summary>Everybody, by a message of its own.</summary>
    Everybody,
}

/// <summary>
/// All that the program knows of a kind of event: a row of the table in <see cref="EventTypes"/>. Log, audit, figures, surfaces and
/// answers look here, so that none of them has a list of its own that could lack one.
/// </summary>
public abstract class EventKind
{
    private protected EventKind(string name, Type type) => (Name, Type) = (name, type);

    /// <summary>The name under which it is stored: <c>change-denied.v1</c>.</summary>
    public string Name { get; }

    /// <summary>The type that it is read as.</summary>
    public Type Type { get; }

    /// <summary>What it did, in a participle: its line begins with it, and <c>audit</c> asks for it by this word.</summary>
    public required string Word { get; init; }

    /// <summary>The noun for what a person did by it: <c>denials</c>; null where nobody does it.</summary>
    public string? Deed { get; init; }

    /// <summary>What is counted: the state that it brings a change or an alert to; null where its name says it all.</summary>
    public string? State { get; init; }

    /// <summary>Who is told.</summary>
    public Told Told { get; init; }

    /// <summary>True when what was accepted is not in force because of it.</summary>
    public bool IsFailure { get; init; }

    /// <summary>The rest of its line; null when it has none, because another record tells it.</summary>
    /// <param name="after">The gateway with it, and with the change that it is about.</param>
    public abstract string? DetailsOf(GatewayState after, GatewayEvent @event);

    /// <summary>What is said to whoever did it: <c>#4 on gw1: denied</c>.</summary>
    public abstract string AnswerOf(GatewayEvent @event);

    /// <summary>What the history of an endpoint says when it was not opened because of this; null when that is not its doing.</summary>
    public abstract string? NotOpenedBy(GatewayEvent @event, string who);

    /// <summary>The event with the texts changed that a person wrote.</summary>
    /// <param name="change">Makes the new text of a field's name and its text.</param>
    public abstract GatewayEvent WithTexts(GatewayEvent @event, Func<string, string, string> change);
}

/// <summary>A row of the table of events.</summary>
/// <typeparam name="T">The event.</typeparam>
public sealed class EventKind<T>(string name) : EventKind(name, typeof(T))
    where T : GatewayEvent
{
    /// <summary>See <see cref="DetailsOf"/>; by default nothing is to be added to the word.</summary>
    public Func<GatewayState, T, string?> Details { get; init; } = (_, _) => "";

    /// <summary>See <see cref="AnswerOf"/>; by default the word.</summary>
    public Func<T, string>? Answer { get; init; }

    /// <summary>See <see cref="NotOpenedBy"/>.</summary>
    public Func<T, string, string>? NotOpened { get; init; }

    /// <summary>See <see cref="WithTexts"/>; by default no person wrote any of it.</summary>
    public Func<T, Func<string, string, string>, T>? Texts { get; init; }

    /// <inheritdoc/>
    public override string? DetailsOf(GatewayState after, GatewayEvent @event) => Details(after, (T)@event);

    /// <inheritdoc/>
    public override string AnswerOf(GatewayEvent @event) => Answer?.Invoke((T)@event) ?? Word;

    /// <inheritdoc/>
    public override string? NotOpenedBy(GatewayEvent @event, string who) => NotOpened?.Invoke((T)@event, who);

    /// <inheritdoc/>
    public override GatewayEvent WithTexts(GatewayEvent @event, Func<string, string, string> change) =>
        Texts?.Invoke((T)@event, change) ?? @event;
}
