using System.CommandLine;
using ChatOps.Core.Language.Commands;
using ChatOps.Local.Calling;
using Command = System.CommandLine.Command;

namespace ChatOps.Local.Commands;

/// <summary>
/// Lines to a ChatOps that runs: <c>chatops say "expose vm2:8080 on 80"</c>, or any line of the chat as it is, <c>chatops approve 3</c>.
/// For scripts and CI jobs: 0 when it was done; 1 when it was refused or failed; 2 when nobody is there, or the command line is wrong.
/// </summary>
internal static class SayCommand
{
    /// <summary><c>say</c>, and a command for each first word of the catalogue.</summary>
    public static IEnumerable<Command> Create()
    {
        yield return Create("say", "Says a line to a running ChatOps.", words => string.Join(' ', words));
        foreach (var word in Catalogue.All.GroupBy(s => s.Words[0], StringComparer.Ordinal))
        {
            var summary = string.Join("; ", word.Select(s => s.Summary).Take(3));
            yield return Create(word.Key, $"{char.ToUpperInvariant(summary[0])}{summary[1..]}", words => Line([word.Key, .. words]));
        }
    }

    /// <summary>The line that a shell has taken apart: what was in quotes there is put into quotes again.</summary>
    public static string Line(IReadOnlyList<string> words) =>
        string.Join(' ', words.Select(w => w.Any(char.IsWhiteSpace) || w.Length == 0 ? Quoted(w) : w));

    private static string Quoted(string word) => word.Contains('"', StringComparison.Ordinal) ? $"“{word}”" : $"\"{word}\"";

    private static Command Create(string name, string summary, Func<string[], string> lineOf)
    {
        var words = new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore, Description = "the rest of the line" };
        var wait = new Option<bool>("--wait") { Description = "wait until the change is confirmed, or known to have failed" };
        var timeout = new Option<int?>("--timeout") { Description = "with --wait: how many seconds at most" };
        var json = new Option<bool>("--json") { Description = "print one JSON object, as docs/service.md describes it" };
        var socket = new Option<string?>("--socket")
        {
            Description = $"the socket of the running ChatOps; CHATOPS_SOCKET, or {SocketFile.Usual}",
        };
        var url = new Option<string?>("--url")
        {
            Description = "over HTTP instead, with the token that CHATOPS_TOKEN or the file CHATOPS_TOKEN_FILE holds; CHATOPS_URL",
        };
        var command = new Command(name, summary) { words, wait, timeout, json, socket, url };
        command.SetAction(
            (parsed, cancel) =>
            {
                var line = lineOf(parsed.GetValue(words) ?? []);
                var call = new LineToSay(line, parsed.GetValue(wait), parsed.GetValue(timeout), parsed.GetValue(json));
                if (line.Trim().Length == 0)
                    return CommandLine.WrongAsync("expected a line, such as: chatops say \"expose vm2:8080 on 80\"");
                if (call is { Wait: false, Seconds: not null } or { Seconds: < 1 })
                    return CommandLine.WrongAsync("--timeout: expected seconds, together with --wait");
                return LineClient.RunAsync(call, parsed.GetValue(socket), parsed.GetValue(url), cancel);
            }
        );
        return command;
    }
}
