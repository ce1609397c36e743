using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Commands;

/// <summary>
/// The words of a line without what carries no meaning here: polite words, articles, the mention of the bot; and ports, arrows and lists in
/// one writing. A reason stays as it was typed.
/// </summary>
internal static partial class Wording
{
    private static readonly FrozenSet<string> Before = Set(
        "please pls plz hey hi hello bot @bot chatops @chatops chatops: @chatops: gw sudo just kindly lets let's can could would you i want need to like we"
    );
    private static readonly FrozenSet<string> After = Set("please pls plz thanks thx cheers now asap ta bot thank you");
    private static readonly FrozenSet<string> Within = Set("a an the please pls plz port ports my our --port --publish");
    private static readonly FrozenSet<string> Arrows = Set("-> --> => ==> → ⇒ > >> = :");
    private static readonly FrozenSet<string> Reasons = Set("because reason: --reason -m --because");

    // What no machine is called in a line: it has a place of its own there.
    private static readonly FrozenSet<string> Keywords = Set(
        "on to at as for from until by in is of via with and or out all any nothing vm vms peer peers gateway gateways port ports udp tcp http https because balanced tls change rev revision everything expiring expires temporary soon unused idle stale"
    );

    /// <summary>True for a word that is no name.</summary>
    public static bool IsKeyword(string word) => Keywords.Contains(word);

    /// <summary>The line without the greeting before it and the thanks after it; the line itself when it has neither.</summary>
    public static string Polite(string line)
    {
        if (Tokens.Split(line) is not { } tokens)
            return line;
        var (first, last) = (0, tokens.Length - 1);
        while (first < last && !tokens[first].Quoted && Before.Contains(tokens[first].Text.TrimEnd(',')))
            first++;
        // A reason in quotes has an end; any other one is all that follows.
        var reason = ReasonAt(tokens);
        var isInQuotes = IsInQuotes(tokens, reason);
        var least = isInQuotes ? reason + 1 : first;
        while (last > least && (reason < 0 || isInQuotes) && !tokens[last].Quoted && IsPolite(tokens[last].Text))
            last--;
        var end = last + 1 < tokens.Length ? tokens[last + 1].Start : line.Length;
        var rest = line[tokens[first].Start..end].TrimEnd();
        if (rest.Length > 1 && rest[0] is '/' or '!' && char.IsAsciiLetter(rest[1]))
            rest = rest[1..];
        return reason < 0 && rest.Length > 1 && !tokens[last].Quoted
            ? rest.TrimEnd('.', '!', ',', ';', '?') is { Length: > 0 } bare
                ? bare
                : rest
            : rest;
    }

    private static bool IsPolite(string word) =>
        word.TrimEnd('.', '!', '?', ',', ';') is var bare && (bare.Length == 0 || After.Contains(bare));

    /// <summary>The words, and what is said as the reason (with <c>because</c>), or an empty text.</summary>
    public static (ImmutableArray<Token> Words, string Reason) Of(string line)
    {
        if (Tokens.Split(line) is not { } tokens)
            return ([], "");
        var reason = ReasonAt(tokens);
        var words = new List<Token>();
        var isTcp = tokens.All(t => t.Quoted || !t.Text.Contains("udp", StringComparison.OrdinalIgnoreCase));
        // What follows a reason in quotes is no part of it.
        var after = IsInQuotes(tokens, reason) ? reason + 2 : tokens.Length;
        foreach (var token in reason < 0 ? tokens : [.. tokens[..reason], .. tokens[after..]])
        {
            if (token.Quoted)
                words.Add(token);
            else
                words.AddRange(
                    Parts(token.Text).Where(t => !Within.Contains(t)).Select(t => new Token(isTcp ? Bare(t) : t, false, token.Start))
                );
        }

        var end = after < tokens.Length ? tokens[after].Start : line.Length;
        var because = reason < 0 || reason + 1 >= tokens.Length ? "" : $" because {line[tokens[reason + 1].Start..end].TrimEnd()}";
        return ([.. Joined(words)], because);
    }

    /// <summary>A line with words of its own put before its reason, where they are not taken for a part of it.</summary>
    public static string With(string line, string words) =>
        Tokens.Split(line) is { } tokens && ReasonAt(tokens) is var at and > 0
            ? $"{line[..tokens[at].Start]}{words} {line[tokens[at].Start..]}"
            : $"{line} {words}";

    private static bool IsInQuotes(ImmutableArray<Token> tokens, int reason) =>
        reason >= 0 && reason + 1 < tokens.Length && tokens[reason + 1].Quoted;

    private static int ReasonAt(ImmutableArray<Token> tokens)
    {
        for (var i = 1; i < tokens.Length; i++)
        {
            if (!tokens[i].Quoted && Reasons.Contains(tokens[i].Text))
                return i;
        }

        return -1;
    }

    private static IEnumerable<string> Parts(string word)
    {
        if (Arrows.Contains(word))
            return ["->"];
        if (ArrowWithin().Split(word) is { Length: > 1 } around)
            return around.Where(p => p.Length > 0).SelectMany((p, i) => i == 0 ? Parts(p) : Parts(p).Prepend("->"));
        return [Plain(word)];
    }

    // "vm2:80/tcp": a VM's port is of the protocol that its public port is of.
    private static string Bare(string word) => TargetOfTcp().Match(word) is { Success: true } target ? target.Groups["target"].Value : word;

    // One writing for a port: ":80", "tcp/80", "0.0.0.0:80", "http://app.example.com/".
    private static string Plain(string word)
    {
        if (word.ToLowerInvariant() is "til" or "till")
            return "until";
        if (word.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            return word[7..].TrimEnd('/');
        if (PortAlone().Match(word) is { Success: true } port)
            return port.Groups["ports"].Value;
        if (ProtocolFirst().Match(word) is { Success: true } first)
            return $"{first.Groups["ports"].Value}/{first.Groups["protocol"].Value.ToLowerInvariant()}";
        return word;
    }

    // "80, 443", "80 and 443", "tcp 80", "53 udp": one word each.
    private static IEnumerable<Token> Joined(List<Token> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            while (!word.Quoted && i + 1 < words.Count && !words[i + 1].Quoted)
            {
                var next = words[i + 1].Text;
                if (word.Text.Length > 1 && word.Text[^1] == ',')
                    word = word with { Text = word.Text + next };
                else if (next == "and" && i + 2 < words.Count && !words[i + 2].Quoted && IsListed(word.Text) && IsListed(words[i + 2].Text))
                    (word, i) = (word with { Text = $"{word.Text},{words[i + 2].Text}" }, i + 1);
                else if (IsPorts(word.Text) && next.ToLowerInvariant() is "tcp" or "udp" && IsPorts(word.Text))
                    word = word with { Text = $"{word.Text}/{next.ToLowerInvariant()}" };
                else if (word.Text.ToLowerInvariant() is "tcp" or "udp" && IsPorts(next))
                    word = word with { Text = $"{next}/{word.Text.ToLowerInvariant()}" };
                else
                    break;
                i++;
            }

            yield return word;
        }
    }

    private static bool IsPorts(string text) => PortRange.TryParse(text, out _);

    private static bool IsListed(string text) => IsPorts(text.Split(',')[^1]) || Kinds.Targets.Read(text) is not null;

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex("->|=>|→|⇒")]
    private static partial Regex ArrowWithin();

    [GeneratedRegex(@"^(\*|0\.0\.0\.0|\[::\])?:(?<ports>[0-9][0-9-]*)$")]
    private static partial Regex PortAlone();

    [GeneratedRegex("^(?<target>[^:/]+:[0-9][0-9,-]*)/tcp$", RegexOptions.IgnoreCase)]
    private static partial Regex TargetOfTcp();

    [GeneratedRegex("^(?<protocol>tcp|udp)[:/](?<ports>[0-9][0-9-]*)$", RegexOptions.IgnoreCase)]
    private static partial Regex ProtocolFirst();
}
