using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Delivery.Ssh;

/// <summary>
/// What the gateway's program is asked: a word and its arguments. It arrives there in SSH_ORIGINAL_COMMAND; the arguments are numbers and
/// words, so nothing ever needs quoting.
/// </summary>
internal readonly record struct Verb
{
    private readonly ImmutableArray<string> _words;

    private Verb(params ImmutableArray<string> words) => _words = words;

    public static Verb Observe { get; } = new("observe");

    public static Verb Version { get; } = new("version");

    /// <summary>Does verb after verb, as they come on standard input.</summary>
    public static Verb Session { get; } = new("session");

    /// <summary>Tells what is not as the confirmed revision says.</summary>
    public static Verb Drift { get; } = new("drift");

    public static Verb Stats { get; } = new("stats");

    public static Verb Revert { get; } = new("revert");

    /// <summary>Switches to the revision whose bundle comes on standard input; in full, what has not changed is loaded too.</summary>
    public static Verb Apply(Revision revision, TimeSpan revertAfter, bool full)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(revertAfter, TimeSpan.FromSeconds(1));
        var seconds = (long)Math.Ceiling(revertAfter.TotalSeconds);
        ImmutableArray<string> words = ["apply", revision.ToString(), seconds.ToString(CultureInfo.InvariantCulture)];
        return new(full ? words.Add("full") : words);
    }

    /// <summary>Makes the running revision the one to come back to.</summary>
    public static Verb Confirm(Revision revision) => new("confirm", revision.ToString());

    public override string ToString() => string.Join(' ', _words);
}
