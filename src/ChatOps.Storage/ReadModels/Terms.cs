using System.Globalization;
using System.Text;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Audit;
using ChatOps.Core.Language.Words;

namespace ChatOps.Storage.ReadModels;

/// <summary>
/// What lines are found by. Each term is a letter for its kind and its text in hexadecimal, so that no text can be taken for another term
/// or for a part of a query.
/// </summary>
internal static class Terms
{
    private const int LongestWord = 40;

    public static string Gateway(Name<Gateway> gateway) => Encode('g', gateway.ToString());

    public static string Name(string name) => Encode('n', name);

    /// <summary>A name that a machine has given up, by how often; lines about a name that nobody has given up have none.</summary>
    public static string Given(FormerName name) => Given(name, name.Given.ToString(CultureInfo.InvariantCulture));

    public static string Endpoint(PublicEndpoint endpoint) => Encode('e', endpoint.ToString());

    public static string Change(int number) => Encode('c', number.ToString(CultureInfo.InvariantCulture));

    public static string Line(string what) => Encode('l', what);

    public static string Done(string word) => Encode('d', word);

    public static string Actor(string nameOrId) => Encode('a', nameOrId);

    public static string Proposer(string nameOrId) => Encode('p', nameOrId);

    public static string Hidden(string literal) => 'x' + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(literal));

    /// <summary>The words of a text: runs of letters and digits, whatever their case.</summary>
    public static IEnumerable<string> Words(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                if (word.Length < LongestWord)
                    word.Append(rune.ToString());
            }
            else if (word.Length > 0)
            {
                yield return Encode('w', word.ToString());
                word.Clear();
            }
        }

        if (word.Length > 0)
            yield return Encode('w', word.ToString());
    }

    /// <summary>The query for a search; empty when it is about time only.</summary>
    public static string QueryOf(AuditSearch search)
    {
        var all = new List<string>();
        IEnumerable<string>[] kinds =
        [
            search.Gateways.Select(Gateway),
            search.Names.Select(Name).Concat(search.Former.Select(Former)),
            search.Endpoints.Select(Endpoint),
            search.Changes.Select(Change),
        ];
        all.AddRange(kinds.Where(k => k.Any()).Select(Any));
        if (search.Text is { } text)
            all.AddRange(Words(text));
        all.AddRange(search.Hidden.Select(Hidden));
        if (search.Words.IsEmpty && search.By is { } by)
            all.Add(Actor(by));
        if (!search.Words.IsEmpty)
            all.Add(Any(search.Words.Select(w => QueryOf(w, search.By))));
        return string.Join(" AND ", all.Distinct());
    }

    private static string Given(FormerName name, string given) => Encode('f', $"{name.Gateway}/{name.Name}/{given}");

    // Before it was given up for the first time: no line of that time could know.
    private static string Former(FormerName name) =>
        name.Given > 0 ? Given(name) : $"(({Gateway(name.Gateway)} AND {Name(name.Name)}) NOT {Given(name, "")}*)";

    private static string Change(ChangeRef change) =>
        change.Gateway is { } gateway ? $"({Change(change.Number)} AND {Gateway(gateway)})" : Change(change.Number);

    private static string Any(IEnumerable<string> terms) => $"({string.Join(" OR ", terms)})";

    // Somebody's deed is theirs; what became of a change belongs also to the one who proposed it.
    private static string QueryOf(AuditWord word, string? by)
    {
        var lines = Any(word.Lines.Select(Line));
        var done = word.Done is { } what ? $" AND {Done(what)}" : "";
        var who =
            by is null ? ""
            : word.IsDeed ? $" AND {Actor(by)}"
            : $" AND ({Actor(by)} OR {Proposer(by)})";
        return $"({lines}{done}{who})";
    }

    private static string Encode(char kind, string text) =>
        kind + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text.ToLowerInvariant()));
}
