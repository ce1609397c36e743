using System.Collections.Immutable;

namespace ChatOps.Core.Domain.Values;

/// <summary>A "no" with a sentence for a person and the lines that would work.</summary>
/// <param name="Sentence">What was expected, and what is.</param>
/// <param name="Next">Lines to type next.</param>
public sealed record Refusal(string Sentence, params ImmutableArray<string> Next);
