using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>All that the program knows of a kind of effect. What it does to an edge is <see cref="Edge.With(Effect)"/>.</summary>
public abstract class EffectKind : EventKind
{
    private protected EffectKind(string name, Type type)
        : base(name, type) { }

    /// <summary>Some of them, which are told together, in a few words: <c>open tcp 80 -> vm2:8080</c>.</summary>
    public abstract string InWords(ImmutableArray<Effect> run);

    /// <summary>
    /// The commands that would ask for it by their own name, with what they would be about. Policy holds it as strictly as those, whichever
    /// way it comes about.
    /// </summary>
    /// <param name="at">When it was proposed.</param>
    public abstract IEnumerable<Matter> AccessOf(Effect effect, GatewayState state, DateTimeOffset at);

    /// <summary>Why it does not fit an edge; null when it does.</summary>
    public abstract Refusal? ProblemOf(GatewayState state, Edge edge, Effect effect);

    /// <summary>The public endpoint that it is about, or null.</summary>
    public abstract PublicEndpoint? EndpointOf(Effect effect);

    /// <summary>The VMs and peers that it names.</summary>
    public abstract IEnumerable<string> NamesIn(Effect effect);

    // The line of the change tells it; what configuration brought about has no change.
    /// <inheritdoc/>
    public override string? DetailsOf(GatewayState after, GatewayEvent @event) =>
        @event is Effect { Change: 0 } own ? InWords([own]) : null;

    /// <inheritdoc/>
    public override string AnswerOf(GatewayEvent @event) => Word;

    /// <inheritdoc/>
    public override string? NotOpenedBy(GatewayEvent @event, string who) => null;

    /// <inheritdoc/>
    public override GatewayEvent WithTexts(GatewayEvent @event, Func<string, string, string> change) => @event;
}

/// <summary>A row of the table of effects.</summary>
/// <typeparam name="T">The effect.</typeparam>
public sealed class EffectKind<T>(string name) : EffectKind(name, typeof(T))
    where T : Effect
{
    /// <summary>See <see cref="InWords"/>.</summary>
    public required Func<ImmutableArray<T>, string> Words { get; init; }

    /// <summary>See <see cref="AccessOf"/>.</summary>
    public required Func<T, GatewayState, DateTimeOffset, IEnumerable<Matter>> Access { get; init; }

    /// <summary>See <see cref="ProblemOf"/>.</summary>
    public required Func<GatewayState, Edge, T, Refusal?> Problem { get; init; }

    /// <summary>See <see cref="EndpointOf"/>.</summary>
    public Func<T, PublicEndpoint?> Endpoint { get; init; } = _ => null;

    /// <summary>See <see cref="NamesIn"/>.</summary>
    public Func<T, IEnumerable<string>> Names { get; init; } = _ => [];

    /// <inheritdoc/>
    public override string InWords(ImmutableArray<Effect> run) => Words([.. run.Cast<T>()]);

    /// <inheritdoc/>
    public override IEnumerable<Matter> AccessOf(Effect effect, GatewayState state, DateTimeOffset at) => Access((T)effect, state, at);

    /// <inheritdoc/>
    public override Refusal? ProblemOf(GatewayState state, Edge edge, Effect effect) => Problem(state, edge, (T)effect);

    /// <inheritdoc/>
    public override PublicEndpoint? EndpointOf(Effect effect) => Endpoint((T)effect);

    /// <inheritdoc/>
    public override IEnumerable<string> NamesIn(Effect effect) => Names((T)effect);
}
