using System.Collections.Immutable;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Audit;

/// <summary>
/// What a question about the log asks for, as far as the line itself says. Everything that is given must hold; several of one kind mean any
/// of them.
/// </summary>
public sealed record AuditFilter
{
    /// <summary>Names of VMs, peers and gateways; which, only the log knows.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>Public ports and web addresses.</summary>
    public ImmutableArray<AskedEndpoint> Endpoints { get; init; } = [];

    /// <summary>Changes to show; none for all.</summary>
    public ImmutableArray<ChangeRef> Changes { get; init; } = [];

    /// <summary>Which lines; any of these, or all when there is none.</summary>
    public ImmutableArray<AuditWord> Words { get; init; } = [];

    /// <summary>A person, by name or id.</summary>
    public string? By { get; init; }

    /// <summary>Words that the line or the reason of its change has, in any order.</summary>
    public string? Text { get; init; }

    /// <summary>The gateway that is asked about; null for all.</summary>
    public Name<Gateway>? At { get; init; }

    /// <summary>The span of time that is asked about, before it is resolved by the speaker's clock.</summary>
    public TimeRange Time { get; init; } = TimeRange.All;

    /// <summary>Only the newest line.</summary>
    public bool NewestOnly { get; init; }

    /// <summary>What was understood, for the first line of the answer; the time is told beside it.</summary>
    public string InWords
    {
        get
        {
            var parts = new List<string>();
            if (NewestOnly)
                parts.Add("the newest");
            parts.AddRange(Subjects.Select(s => string.Join(" or ", s)));
            if (!Words.IsEmpty)
                parts.Add(string.Join(" or ", Words.Select(w => w.Text)));
            if (By is not null)
                parts.Add(Words.Any(w => !w.IsDeed) ? $"by or for {By}" : $"by {By}");
            if (Text is not null)
                parts.Add($"text \"{Text}\"");
            if (At is not null)
                parts.Add($"at {At}");
            return parts.Count == 0 ? "everything" : string.Join(" · ", parts);
        }
    }

    /// <summary>The words that mean exactly this, as typed after <c>audit</c>.</summary>
    public string Line =>
        string.Join(
            ' ',
            (
                (string?[])
                    [
                        .. Subjects.SelectMany(s => s),
                        Words.IsEmpty ? null : string.Join(' ', Words.Select(w => w.Text)),
                        By is null ? null : $"by {Quoted(By)}",
                        Text is null ? null : $"text {Quoted(Text)}",
                        At is null ? null : $"at {At}",
                        NewestOnly ? "last" : null,
                        Time.ToString() is { Length: > 0 } time ? time.Trim() : null,
                    ]
            ).OfType<string>()
        );

    // What it is about, by kind. A number beside nothing else is a port.
    private IEnumerable<IEnumerable<string>> Subjects
    {
        get
        {
            var isAlone = Names.IsEmpty && Changes.IsEmpty;
            IEnumerable<string>[] kinds =
            [
                Changes.Select(c => $"{c}"),
                Names,
                Endpoints.Select(e => isAlone || !e.IsPort ? $"{e}" : $"port {e}"),
            ];
            return kinds.Where(k => k.Any());
        }
    }

    private static string Quoted(string text) =>
        !text.Contains(' ', StringComparison.Ordinal) ? text
        : !text.Contains('"', StringComparison.Ordinal) ? $"\"{text}\""
        : !text.Contains('\'', StringComparison.Ordinal) ? $"'{text}'"
        : $"“{text}”";
}
