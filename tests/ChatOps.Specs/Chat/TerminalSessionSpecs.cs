using ChatOps.Bot.Configuration;
using ChatOps.Bot.Hosting;
using ChatOps.Bot.Terminal;
using ChatOps.Core.Language.Audit;

namespace ChatOps.Specs.Chat;

/// <summary>Somebody at a terminal: what it says first, whose a line is, and what is a word of the terminal's own.</summary>
public sealed class TerminalSessionSpecs : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ScriptedGateway _gateway = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_line_without_a_name_is_whose_can_do_least_until_somebody_says_otherwise()
    {
        var typed = await TypeAsync(
            ("expose vm2:8080 on 80", "expose needs the role operator; viewer has the role viewer."),
            ("as operator", ""),
            ("vm add vm2 400::100:0:0:2", "#1 · add VM vm2"),
            ("approver: approve 1", "confirmed · revision 1"),
            ("mallory: status", "no user \"mallory\". Users: "),
            ("exit", "")
        );
        Assert.Equal(["viewer> ", "viewer> ", "operator> ", "operator> ", "operator> ", "operator> "], typed.Prompts);
    }

    [Fact]
    public async Task What_a_card_offers_works_as_it_is_typed_at_the_prompt()
    {
        var typed = await TypeAsync(
            ("operator: vm add vm2 400::100:0:0:2", "approver: approve 1 · approver: deny 1 because \"...\" · show 1"),
            ("as approver", ""),
            ("operator: vm add vm3 400::100:0:0:3", "mapprove 2 · deny 2 because \"...\" · show 2"),
            ("approve 1", "operator: undo 1 · show 1"),
            ("operator: expose vm2:8080 on 80", "approve 3 · deny 3"),
            ("operator: expose vm2:8080 on 80", "#3 by operator proposes this already."),
            ("approve 3", "operator: unexpose 80 · show 3")
        );
        Assert.Equal(["viewer> ", "approver> "], typed.Prompts.Distinct());
        Assert.DoesNotContain("\napprove 1", typed.Said, StringComparison.Ordinal);
        Assert.Contains("proposes this already.\nNext: show 3\n", typed.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_three_lines_say_what_to_do_by_what_there_is()
    {
        Assert.Contains(
            "Try: operator: vm add vm2 400::100:0:0:2, then approver: approve 1\n",
            (await TypeAsync()).Said,
            StringComparison.Ordinal
        );
        await TypeAsync(("operator: vm add vm2 400::100:0:0:2", "#1 · add VM vm2"), ("approver: approve 1", "confirmed · revision 1"));
        Assert.Contains(
            "Try: operator: expose vm2:8080 on 80, then approver: approve 2\n",
            (await TypeAsync()).Said,
            StringComparison.Ordinal
        );
        await TypeAsync(("operator: expose vm2:8080 on 80", "#2 · open tcp 80"), ("approver: approve 2", "confirmed · revision 2"));
        var third = await TypeAsync();
        Assert.Contains("Try: list\n", third.Said, StringComparison.Ordinal);
        Assert.Equal(3, third.Said[third.Said.IndexOf("Say a line", StringComparison.Ordinal)..].Trim().Split('\n').Length);
    }

    [Fact]
    public async Task A_long_diff_is_folded_and_the_rest_comes_when_it_is_asked_for()
    {
        var typed = await TypeAsync(
            ("more", "nothing was left out."),
            ("operator: vm add vm2 400::100:0:0:2", "#1 · add VM vm2"),
            ("approver: approve 1", "confirmed · revision 1"),
            ("viewer: plan expose vm2:8080 on 80", " more lines: more"),
            ("more", "+80 400::100:0:0:2/8080"),
            ("clear", "\u001b[2J")
        );
        var folded = typed.Said.IndexOf(" more lines: more", StringComparison.Ordinal);
        Assert.DoesNotContain("+80 400::100:0:0:2/8080", typed.Said[..folded], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_are_completed_those_that_wait_first()
    {
        var typed = await TypeAsync(
            ("operator: vm add vm2 400::100:0:0:2", "#1 · add VM vm2"),
            ("operator: vm add vm3 400::100:0:0:3", "#2 · add VM vm3"),
            ("approver: approve 2", "confirmed · revision 1"),
            ("list", "nothing is open")
        );
        Assert.Equal("1 2", string.Join(' ', typed.Known.Changes));
    }

    [Theory]
    [InlineData("open: udp://203.0.113.10:53  udp://[2001:db8::10]:53", "expose vm2:53 on 53 udp")]
    [InlineData("open: tcp://203.0.113.10:81  tcp://[2001:db8::10]:81", "expose vm2:8081 on 81")]
    [InlineData("reachable: tcp://203.0.113.10:82  tcp://[2001:db8::10]:82", "expose vm2:8080 on 82")]
    [InlineData(
        "reachable: tcp://203.0.113.10:82  tcp://[2001:db8::10]:82\n  open: tcp://203.0.113.10:83  tcp://[2001:db8::10]:83",
        "expose vm2:8080-8081 on 82-83"
    )]
    public async Task Reachable_is_what_a_vm_answered_at(string words, string line)
    {
        _gateway.Silent.Add("[400::100:0:0:2]:8081");
        var typed = await TypeAsync(
            ("operator: vm add vm2 400::100:0:0:2", "#1 · add VM vm2"),
            ("approver: approve 1", "confirmed · revision 1"),
            ($"operator: {line}", "#2 · open"),
            ("approver: approve 2", "confirmed · revision 2")
        );
        Assert.Contains($"  {words}\n", typed.Said, StringComparison.Ordinal);
    }

    // Each line, and what stands there before the next one is typed.
    private async Task<(string Said, string[] Prompts, Vocabulary Known)> TypeAsync(params (string Line, string Until)[] lines)
    {
        var output = new StringWriter();
        var shared = TextWriter.Synchronized(output);
        var writer = new TerminalWriter(shared, isTerminal: true);
        var policy = PolicyFile.Load(Path.Combine(AppContext.BaseDirectory, "policy.json"));
        await using var edition = await ScriptedEdition.StartAsync(_folder.In("log.db"), _gateway, policy, writer);
        using var printing = new CancellationTokenSource();
        var offers = new TerminalOffers(edition.Core, policy.Users, TerminalOffers.LeastOf(policy.Users));
        var printed = writer.RunAsync(edition.Room, printing.Token, offers);
        var (prompts, known, until, from, next) = (
            new List<string>(),
            Vocabulary.Empty,
            "",
            0,
            new Queue<(string Line, string Until)>(lines)
        );
        var session = new TerminalSession(edition.Core, writer, policy.Users, offers, Read);
        Assert.Equal(0, await session.RunAsync(isNew: false, default));
        await printing.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => printed);
        return (Plain(output.ToString()), [.. prompts], known);

        // A synchronized writer locks itself; it is written to meanwhile.
        string Said()
        {
            lock (shared)
                return output.ToString();
        }

        string? Read(string prompt, Vocabulary there)
        {
            Eventually
                .TrueAsync(() => Said()[from..].Contains(until, StringComparison.Ordinal), () => $"no \"{until}\" in {Said()}")
                .GetAwaiter()
                .GetResult();
            (known, from) = (there, Said().Length);
            if (!next.TryDequeue(out var line))
                return null;
            prompts.Add(prompt);
            until = line.Until;
            return line.Line;
        }
    }

    private static string Plain(string text) => System.Text.RegularExpressions.Regex.Replace(text, "\u001b\\[[0-9;]*[mKA]|\r", "");
}
