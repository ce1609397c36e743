using ChatOps.Core.Language.Commands;
using ChatOps.Core.Language.Words;
using CsCheck;

namespace ChatOps.Specs.Commands;

/// <summary>
/// What is offered after a line that is not understood is made of that line: whoever pastes it decides about what they typed, and nothing
/// else.
/// </summary>
public sealed class NextLineSpecs
{
    private static readonly string[] Lines = [.. Catalogue.All.SelectMany(s => s.Examples)];
    private static readonly string[] Strays =
    [
        "please",
        "->",
        "no",
        "on",
        "to",
        "vm7",
        "4711",
        "\"why\"",
        "from",
        "because",
        "80/tcp",
        "foo",
    ];

    [Theory]
    [InlineData("expose vm2:8080 on 81 for 10 seconds", "help expose")]
    [InlineData("expose vm2:8080 on 81 until next friday", "help expose")]
    [InlineData("plan expose vm2:8080 onn 81", "plan expose vm2:8080 on 81")]
    [InlineData("expose vm2:8080 onn 81", "expose vm2:8080 on 81")]
    [InlineData("expose vm2:8080 on 81 2h", "expose vm2:8080 on 81 for 2h")]
    [InlineData("expose vm2:8080 on 81 203.0.113.0/24", "expose vm2:8080 on 81 from 203.0.113.0/24")]
    [InlineData("expose vm2:8080 on 81 demo", "expose vm2:8080 on 81 because demo")]
    [InlineData("expose vm2:8080 on 81 the shop opens", "expose vm2:8080 on 81 because the shop opens")]
    [InlineData("deny 4 no", "deny 4 because no")]
    [InlineData("rollback 2", "rollback to 2")]
    [InlineData("break-glass 2", "help break-glass")]
    [InlineData("expose vm2:8080 on 80 because \"demo\" foo", "help expose")]
    [InlineData("expose vm2:8080 onn 80 because \"demo\"", "expose vm2:8080 on 80 because \"demo\"")]
    [InlineData("deny 4 because \"no\" you fool", "help deny")]
    [InlineData("user add bob operator", "help whoami")]
    [InlineData("usr add bob", "help")]
    [InlineData("expose vm2 as sftp on please", "help expose")]
    [InlineData("unexpose", "help unexpose")]
    public void A_line_that_is_nearly_one_is_offered_mended(string line, string next) =>
        Assert.Equal(next, Assert.IsType<ParseResult.NotUnderstood>(Parser.Parse(line)).Refusal.Next[0]);

    [Fact]
    public void Nothing_is_offered_that_was_not_typed() =>
        Gen.Select(Gen.Int[0, Lines.Length - 1], Gen.Int[0, 5], Gen.Int[0, 11], Gen.Int[0, Strays.Length - 1])
            .Sample(
                (line, how, at, stray) =>
                {
                    var typed = Slip(Lines[line], how, at, Strays[stray]);
                    if (Parser.Parse(typed) is not ParseResult.NotUnderstood { Refusal.Next: var offered })
                        return;
                    Assert.NotEmpty(offered);
                    foreach (var next in offered)
                    {
                        var read = Parser.Parse(next) as ParseResult.Understood;
                        Assert.True(read is not null, $"{typed} -> {next}");
                        if (ReasonOf(read.Command) is { } reason)
                            Assert.True(
                                typed.Contains($"\"{reason}\"", StringComparison.Ordinal) || IsAllThatFollows(typed, reason),
                                $"{typed} -> {next}"
                            );
                        var foreign = Tokens
                            .Split(next)!
                            .Value.Where(t =>
                                t.Quoted || !Keywords.Contains(t.Text) && t.Text.Any(c => char.IsAsciiDigit(c) || c is '.' or ':')
                            )
                            .SelectMany(t => t.Text.Split(':', ' ', '/', ','));
                        Assert.True(foreign.All(t => typed.Contains(t, StringComparison.Ordinal)), $"{typed} -> {next}");
                    }
                },
                iter: 5_000
            );

    private static string? ReasonOf(Command command) =>
        command switch
        {
            ChangeCommand change => change.Reason,
            Deny deny => deny.Reason,
            BreakGlass glass => glass.Reason,
            ShowPlan plan => plan.Of.Reason,
            _ => null,
        };

    // Without quotes a reason is the end of a line, but for a "please"; one that was given in quotes is that and no more.
    private static bool IsAllThatFollows(string typed, string reason) =>
        typed.Contains(reason, StringComparison.Ordinal) && !typed.Contains("because \"", StringComparison.Ordinal);

    // Words of ours with a digit in them, which nobody has to have typed.
    private static readonly string[] Keywords =
    [
        .. Catalogue
            .All.SelectMany(s => s.Parts)
            .Select(p => p is Part.Flag flag ? flag.Text : (p as Part.Clause)?.Keyword)
            .OfType<string>(),
    ];

    // One or two slips of whoever types.
    private static string Slip(string line, int how, int at, string stray)
    {
        var words = line.Split(' ').ToList();
        var i = at % words.Count;
        switch (how)
        {
            case 0:
                words.RemoveAt(i);
                break;
            case 1:
                words.Insert(i, stray);
                break;
            case 2:
                words[i] = stray;
                break;
            case 3:
                words[i] = words[i].Length > 2 ? words[i].Remove(1, 1) : words[i] + "x";
                break;
            case 4:
                (words[i], words[^1]) = (words[^1], words[i]);
                break;
            default:
                words.Add(stray);
                break;
        }

        return string.Join(' ', words);
    }
}
