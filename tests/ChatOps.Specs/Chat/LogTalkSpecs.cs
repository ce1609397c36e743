using System.Text.RegularExpressions;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Hosting;
using ChatOps.Bot.Terminal;

namespace ChatOps.Specs.Chat;

/// <summary>What people read when they ask about the log itself.</summary>
public sealed partial class LogTalkSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Proofs_copies_keys_and_being_forgotten()
    {
        var said = await SayAsync(
            1,
            """
            audit verify
            operator: vm add vm2 400::100:0:0:2 because "the birthday shop"
            approver: approve 1
            operator: audit prove 1
            audit prove record 2
            audit prove record 99
            viewer: audit prove 1
            audit rotate key
            audit prove since 3
            export log
            audit verify
            operator: forget operator
            forget nobody
            forget operator
            show 1
            audit verify
            """
        );
        Snapshot.Match("log.txt", said);
        Assert.DoesNotContain(
            "birthday",
            string.Concat(Directory.GetFiles(_folder.Path, "log.*").Select(File.ReadAllText)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_log_that_was_cut_off_is_complained_of_at_the_next_start_and_found_when_asked()
    {
        await SayAsync(0, "operator: vm add vm2 400::100:0:0:2\napprover: approve 1");
        File.Delete(_folder.In("log.db"));
        var said = await SayAsync(
            1,
            "audit verify",
            after: "and the log has 1: its end was cut off, or an older copy was put back. Nothing is signed any more."
        );
        Assert.Contains("the log cannot be trusted: record 2 and all after it are missing", said, StringComparison.Ordinal);
    }

    // What comes by itself is waited for before anything is said.
    private async Task<string> SayAsync(int code, string lines, string after = "")
    {
        await using var output = new SharedWriter();
        var writer = new TerminalWriter(output, isTerminal: false);
        var policy = PolicyFile.Load(Path.Combine(AppContext.BaseDirectory, "policy.json"));
        await using var edition = await ScriptedEdition.StartAsync(_folder.In("log.db"), new ScriptedGateway(), policy, writer);
        using var printing = new CancellationTokenSource();
        var printed = writer.RunAsync(edition.Room, printing.Token);
        await Eventually.TrueAsync(() => output.ToString().Contains(after, StringComparison.Ordinal));
        var session = new PipeSession(edition.Core, writer, policy.Users, policy.Users.First(u => u.Actor.Id == "admin"), Patience.Limit);
        Assert.Equal(code, await session.RunAsync(new StringReader(lines), default));
        await printing.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => printed);
        var text = Made()
            .Replace(output.ToString().Replace(_folder.Path, "FOLDER", StringComparison.Ordinal), m =>
                m.Value.StartsWith("chatops/", StringComparison.Ordinal) ? "chatops/NAME" : "(made)"
            );
        text = string.Join(
            '\n',
            text.Split('\n')
                .Where(l => !l.StartsWith("    ", StringComparison.Ordinal) && !l.StartsWith("  > diff", StringComparison.Ordinal))
        );
        return Durations().Replace(Stamps().Replace(Moments().Replace(text, "2026-01-01 00:00:00"), "20260101-000000"), "0 ms");
    }

    // Read while others write.
    private sealed class SharedWriter : StringWriter
    {
        private readonly Lock _turn = new();

        public override void Write(char value)
        {
            lock (_turn)
                base.Write(value);
        }

        public override void Write(char[] buffer, int index, int count)
        {
            lock (_turn)
                base.Write(buffer, index, count);
        }

        public override void Write(string? value)
        {
            lock (_turn)
                base.Write(value);
        }

        public override string ToString()
        {
            lock (_turn)
                return base.ToString();
        }
    }

    // Names, ids, keys, roots and signatures are made anew each time.
    [GeneratedRegex(
        @"chatops/[0-9a-f]{16}|\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}|(?<=^|[ ])[A-Za-z0-9+/]{43}=|(?<= )[A-Za-z0-9+/]{91}=",
        RegexOptions.Multiline
    )]
    private static partial Regex Made();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")]
    private static partial Regex Moments();

    [GeneratedRegex(@"20\d{6}-\d{6}")]
    private static partial Regex Stamps();

    [GeneratedRegex(@"\b\d+ ms\b")]
    private static partial Regex Durations();
}
