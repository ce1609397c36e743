using System.Collections.Immutable;

namespace ChatOps.Core.Changes;

/// <summary>Something that a look at a gateway, or at the log, found to want a person's attention. It becomes an alert, once.</summary>
/// <param name="Key">What it is about, kind first: <c>drift</c>, <c>service nginx</c>, <c>expiry 80</c>.</param>
/// <param name="Text">A sentence for people, without a full stop.</param>
/// <param name="Detail">More to look at, such as a diff; or null.</param>
/// <param name="Next">Lines to type next.</param>
public sealed record Finding(string Key, string Text, string? Detail, params ImmutableArray<string> Next)
{
    /// <summary>The kind that a key begins with.</summary>
    public static string KindOf(string key) => key.Split(' ', 2)[0];

    /// <summary>What a key says after its kind; empty when it is about the gateway as a whole.</summary>
    public static string SubjectOf(string key) => key.Contains(' ', StringComparison.Ordinal) ? key.Split(' ', 2)[1] : "";
}
