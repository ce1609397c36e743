using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Decisions.Policy;

/// <summary>
/// Which matters a rule is for, besides commands and ports. What is null says nothing. What is said of something that a matter does not
/// have does not hold.
/// </summary>
/// <param name="From">Exposures for nobody outside of this network.</param>
/// <param name="Lifetime">Exposures that stay open so long at most.</param>
public sealed record RuleScope(NamePattern? Vm = null, Name<Gateway>? Gateway = null, Network? From = null, TimeSpan? Lifetime = null)
{
    /// <summary>The scope that takes in every matter.</summary>
    public static RuleScope Any { get; } = new();

    /// <summary>Each condition in a few words.</summary>
    public IEnumerable<string> Words
    {
        get
        {
            if (Vm is { } vm)
                yield return $"vm {vm}";
            if (Gateway is { } gateway)
                yield return $"gateway {gateway}";
            if (From is { } from)
                yield return $"from {from}";
            if (Lifetime is { } lifetime)
                yield return $"for {Durations.Text(lifetime)} at most";
        }
    }

    /// <summary>True when it is for this matter.</summary>
    public bool Holds(Matter matter) =>
        (Vm is not { } vm || (matter.Vm is { } name && vm.Matches(name.ToString())))
        && (Gateway is null || matter.Gateway == Gateway)
        && (From is not { } from || (matter.From is { } network && from.Contains(network)))
        && (Lifetime is null || matter.Stays <= Lifetime);

    /// <summary>True when all matters of the other are matters of this one.</summary>
    public bool Covers(RuleScope other) =>
        (Vm is not { } vm || (other.Vm is { } pattern && vm.Covers(pattern)))
        && (Gateway is null || other.Gateway == Gateway)
        && (From is not { } from || (other.From is { } network && from.Contains(network)))
        && (Lifetime is null || other.Lifetime <= Lifetime);
}

/// <summary>A name, or how names begin: <c>web-*</c>.</summary>
/// <param name="Start">The name, or its beginning.</param>
/// <param name="IsOpen">True when more may follow.</param>
public readonly record struct NamePattern(string Start, bool IsOpen) : IText<NamePattern>
{
    /// <inheritdoc/>
    public static string Expected => "the name of a VM, or how names begin, such as web-*";

    /// <summary>True for a name that it stands for.</summary>
    public bool Matches(string name) => IsOpen ? name.StartsWith(Start, StringComparison.Ordinal) : name == Start;

    /// <summary>True when it stands for all that the other stands for.</summary>
    public bool Covers(NamePattern other) => IsOpen ? other.Start.StartsWith(Start, StringComparison.Ordinal) : this == other;

    /// <inheritdoc/>
    public static bool TryParse(string text, out NamePattern value)
    {
        value = new(text.TrimEnd('*').ToLowerInvariant(), text.EndsWith('*'));
        return text.Length - value.Start.Length <= 1
            && (value.IsOpen ? Name<Vm>.TryParse($"{value.Start}x", out _) : Name<Vm>.TryParse(text, out _));
    }

    /// <inheritdoc/>
    public override string ToString() => IsOpen ? $"{Start}*" : Start;
}
