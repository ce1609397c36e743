using System.Collections.Immutable;
using System.Globalization;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Audit;

/// <summary>
/// Reads the words after <c>audit</c>: conditions in any order. It never throws; what it does not understand, it explains, with the line
/// that was probably meant.
/// </summary>
internal sealed class AuditReader
{
    // Shorter words are near to everything.
    private const int ShortestSlip = 4;

    private static readonly string[] Fillers = ["about", "and", "for", "from", "in", "of", "the", "to"];

    /// <summary>The words with a meaning of their own: for did-you-mean and completion.</summary>
    public static ImmutableArray<string> Keywords { get; } =
    [
        "port",
        "host",
        "vm",
        "peer",
        "gateway",
        "change",
        "by",
        "text",
        "at",
        "since",
        "until",
        "between",
        "on",
        "today",
        "yesterday",
        "last",
        "page",
        .. AuditWord.All.Select(w => w.Text),
    ];

    private readonly ImmutableArray<Token> _tokens;
    private AuditFilter _filter = new();
    private int? _page;
    private int _next;

    private readonly bool _guesses;

    private AuditReader(ImmutableArray<Token> tokens, bool guesses) => (_tokens, _guesses) = (tokens, guesses);

    /// <summary>What was read: a filter with a page, or a refusal.</summary>
    public static (AuditFilter? Filter, int? Page, Refusal? Refusal) Read(string text) => Read(text, guesses: true);

    private static (AuditFilter? Filter, int? Page, Refusal? Refusal) Read(string text, bool guesses)
    {
        if (Tokens.Split(text) is not { } tokens)
            return (null, null, new("a quote in this line does not end.", "help audit"));
        var reader = new AuditReader(tokens, guesses);
        while (reader._next < tokens.Length)
        {
            if (reader.ReadOne() is { } problem)
                return (null, null, problem);
        }

        return (reader._filter, reader._page, null);
    }

    private Refusal? ReadOne()
    {
        var token = _tokens[_next++];
        if (token.Quoted)
            return Once(_filter.Text is null, "text", _filter with { Text = token.Text });
        var word = token.Text.ToLowerInvariant();
        return word switch
        {
            "by" => Take("a person's name", t => Once(_filter.By is null, word, _filter with { By = t })),
            "text" => Take("words to look for", t => Once(_filter.Text is null, word, _filter with { Text = t })),
            "port" => ReadEndpoint(PublicPort.Expected, e => e.IsPort),
            "host" => ReadEndpoint(WebAddress.Expected, e => !e.IsPort),
            "vm" or "peer" => Value<Name<Vm>>(n => Named(n.ToString())),
            "gateway" or "at" => Value<Name<Gateway>>(g => Once(_filter.At is null, word, _filter with { At = g })),
            "change" => Value<ChangeRef>(ThisChange),
            "page" => Take("a page (1 or more)", ReadPage),
            "last" or "this" when TimePoint.Read(_tokens, _next - 1) is ({ } period, var words) => Range(new(period, period), words - 1),
            "last" => TimePoint.Read(_tokens, _next) is null ? Set(_filter with { NewestOnly = true }) : Point(p => Range(new(p, null))),
            "since" => Point(p => Range(new(p, null))),
            "until" or "before" => Point(p => Range(new(null, p))),
            "on" => Point(p => Range(new(p, p))),
            "between" => ReadBetween(),
            "today" or "yesterday" => Range(DayNamed(word)),
            // "2 days ago". One word alone may stand behind a misspelt one: "sinse 7d".
            _ when char.IsAsciiDigit(word[0]) && TimePoint.Read(_tokens, _next - 1) is (TimePoint.Ago ago, > 1 and var words) => Range(
                new(ago, null),
                words - 1
            ),
            _ when AuditWord.Find(word) is { } known => Set(_filter with { Words = With(_filter.Words, known) }),
            _ when Fillers.Contains(word) => null,
            _ => ReadSubject(token.Text),
        };
    }

    private Refusal? ReadSubject(string text) =>
        text[0] == '#' && ChangeRef.TryParse(text, out var number) ? ThisChange(number)
        : text.Contains('#', StringComparison.Ordinal) && ChangeRef.TryParse(text, out var change) ? ThisChange(change)
        : AskedEndpoint.TryParse(text, out var endpoint) ? About(endpoint)
        : Name<Vm>.TryParse(text, out var name) ? Named(name.ToString())
        : Unexpected();

    private Refusal? Named(string name) => Set(_filter with { Names = With(_filter.Names, name) });

    private Refusal? About(AskedEndpoint endpoint) => Set(_filter with { Endpoints = With(_filter.Endpoints, endpoint) });

    private Refusal? ThisChange(ChangeRef change) => Set(_filter with { Changes = With(_filter.Changes, change) });

    private static ImmutableArray<T> With<T>(ImmutableArray<T> there, T one) => there.Contains(one) ? there : there.Add(one);

    private Refusal? ReadEndpoint(string expected, Func<AskedEndpoint, bool> isMeant) =>
        Take(expected, t =>
            AskedEndpoint.TryParse(t, out var endpoint) && isMeant(endpoint) ? About(endpoint) : No($"{t} is not {expected}.")
        );

    private Refusal? ReadPage(string text)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var page) || page < 1)
            return No($"{text} is not a page (1 or more).");
        return Once(_page is null, "page", _filter, () => _page = page);
    }

    private static TimeRange DayNamed(string word)
    {
        var day = new TimePoint.DayBack(word == "today" ? 0 : 1);
        return new(day, day);
    }

    private Refusal? ReadBetween() =>
        Point(from =>
        {
            if (_next >= _tokens.Length || !_tokens[_next].Text.Equals("and", StringComparison.OrdinalIgnoreCase))
                return No($"expected \"and\" and a second time after \"between {from}\".");
            _next++;
            return Point(to => Range(new(from, to)));
        });

    private Refusal? Range(TimeRange range, int words)
    {
        _next += words;
        return Range(range);
    }

    // "since A until B" says it in two steps.
    private Refusal? Range(TimeRange range)
    {
        var (from, to) = (_filter.Time.From ?? range.From, _filter.Time.To ?? range.To);
        var isTwice = (_filter.Time.From is not null && range.From is not null) || (_filter.Time.To is not null && range.To is not null);
        return Once(!isTwice, "the time", _filter with { Time = new(from, to) });
    }

    private Refusal? Point(Func<TimePoint, Refusal?> use)
    {
        if (TimePoint.Read(_tokens, _next) is not var (point, words))
            return No(
                _next < _tokens.Length
                    ? $"{_tokens[_next].Text} is not {TimePoint.Expected}."
                    : $"expected {TimePoint.Expected} after \"{_tokens[^1].Text}\"."
            );
        _next += words;
        return use(point);
    }

    private Refusal? Value<T>(Func<T, Refusal?> use)
        where T : IText<T> => Take(T.Expected, t => T.TryParse(t, out var value) ? use(value) : No($"{t} is not {T.Expected}."));

    private Refusal? Take(string expected, Func<string, Refusal?> use) =>
        _next < _tokens.Length ? use(_tokens[_next++].Text) : No($"expected {expected} after \"{_tokens[^1].Text}\".");

    private Refusal? Once(bool isFirst, string what, AuditFilter filter, Action? and = null)
    {
        if (!isFirst)
            return No($"\"{what}\" is there twice.");
        and?.Invoke();
        return Set(filter);
    }

    private Refusal? Set(AuditFilter filter)
    {
        _filter = filter;
        return null;
    }

    // The word itself may be misspelt, or the one before it that was taken for a name: "audit sinse 7d".
    private Refusal Unexpected()
    {
        foreach (var at in _guesses ? [_next - 1, _next - 2] : Array.Empty<int>())
        {
            if (
                at < 0
                || _tokens[at].Quoted
                || _tokens[at].Text.Length < ShortestSlip
                || Keywords.Contains(_tokens[at].Text)
                || DidYouMean.Closest(_tokens[at].Text, Keywords) is not { } meant
            )
                continue;
            var corrected = string.Join(
                ' ',
                _tokens.Select(
                    (t, i) =>
                        i == at ? meant
                        : t.Quoted ? $"\"{t.Text}\""
                        : t.Text
                )
            );
            if (Read(corrected, guesses: false).Filter is not null)
                return new($"audit: \"{_tokens[at].Text}\" is not expected here. Did you mean: audit {corrected}", $"audit {corrected}");
        }

        return No($"\"{_tokens[_next - 1].Text}\" is not expected here.");
    }

    private static Refusal No(string sentence) => new($"audit: {sentence}", "help audit");
}
