using ChatOps.StandIns.Discord;

namespace ChatOps.Specs.Discord;

/// <content>Answers that are files.</content>
public abstract partial class DiscordTalkSpecs
{
    [Theory]
    [InlineData("export audit as csv", ".csv", "time,gateway,change,what,who,details")]
    [InlineData("export audit vm2 as md", ".md", "| time | gateway |")]
    [InlineData("export history 80 as json", ".json", "[")]
    public async Task An_export_is_a_file_for_who_asked_alone(string line, string ending, string beginning)
    {
        await using var team = await TeamAsync(configure: t => t.Applies = false);
        await ExposeAsync(team);
        await team.CardAsync(1, "waiting");
        var answer = await (await team.Vic.SendAsync(team.Edge, "gw", ("line", line))).MessageAsync();
        Assert.Contains("a file for Vic alone", answer.Text, StringComparison.Ordinal);
        var (message, name) = await FileAsync(team.Vic, team, ending);
        Assert.True(message.IsEphemeral);
        Assert.StartsWith(beginning, message.File(name), StringComparison.Ordinal);
        Assert.DoesNotContain(team.Ada.Sees(team.Edge), m => m.Files.Keys.Any(f => f.EndsWith(ending, StringComparison.Ordinal)));
        Assert.Empty(team.FilesLeft);
    }

    [Fact]
    public async Task Proofs_and_the_copy_of_the_log_are_files_for_who_asked_alone()
    {
        await using var team = await TeamAsync(configure: t => (t.Applies, t.ProvesItsLog) = (false, true));
        await ExposeAsync(team);
        await team.CardAsync(1, "waiting");
        await team.Olga.SendAsync(team.Edge, "audit-prove", ("change", "1"));
        var (proof, name) = await FileAsync(team.Olga, team, ".tlog-proof");
        Assert.Equal("gw1-1.tlog-proof", name);
        Assert.Contains("c2sp.org/tlog-proof", proof.File(name), StringComparison.Ordinal);
        await team.Amy.SendAsync(team.Edge, "export-log");
        var (copy, log) = await FileAsync(team.Amy, team, ".jsonl");
        Assert.Contains("exposure-opened", copy.File(log), StringComparison.Ordinal);
        Assert.DoesNotContain("Olga", copy.File(log), StringComparison.Ordinal);
        Assert.True(proof.IsEphemeral && copy.IsEphemeral);
        Assert.DoesNotContain(team.Ada.Sees(team.Edge), m => !m.Files.IsEmpty && m.Files.Keys.Any(f => f == name || f == log));
        Assert.Empty(team.FilesLeft);
        await (await team.Vic.SendAsync(team.Edge, "gw", ("line", "export log"))).MessageAsync();
        Assert.Contains("needs the role admin", team.SeenBy(team.Vic), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_Discord_does_not_take_stays_where_it_is_and_that_is_said()
    {
        await using var team = await TeamAsync(configure: t => (t.Applies, t.LargestFile) = (false, 20));
        var answer = await (await team.Vic.SendAsync(team.Edge, "gw", ("line", "export audit as csv"))).MessageAsync();
        Assert.Contains("too much for Discord: it lies on the bot's machine, ", answer.Text, StringComparison.Ordinal);
        Assert.StartsWith("time,gateway", await File.ReadAllTextAsync(Assert.Single(team.FilesLeft)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_waits_for_a_file_sees_how_far_it_is_and_nobody_else_does()
    {
        var log = (StallingLog?)null;
        await using var team = await TeamAsync(
            around: l => log = new StallingLog(l),
            configure: t => (t.Applies, t.Patience) = (false, TimeSpan.FromMilliseconds(100))
        );
        await (await team.Vic.SendAsync(team.Edge, "audit")).MessageAsync();
        log!.StallOfReading = TimeSpan.FromSeconds(3);
        var gesture = await team.Vic.SendAsync(team.Edge, "gw", ("line", "export audit as json"));
        var progress = await team.Vic.SeesAsync(team.Edge, m => m.Text.Contains("lines so far", StringComparison.Ordinal));
        Assert.True(progress.IsEphemeral);
        var done = await team.Vic.SeesAsync(team.Edge, m => m.Text.Contains("a file for Vic alone", StringComparison.Ordinal));
        Assert.Equal(progress.Id, done.Id);
        Assert.Equal(progress.Id, (await gesture.MessageAsync()).Id);
        Assert.DoesNotContain("so far", team.SeenBy(team.Ada), StringComparison.Ordinal);
    }

    // A file comes after the answer that speaks of it.
    private static async Task<(SeenMessage Message, string Name)> FileAsync(StandInPerson person, DiscordTeam team, string ending)
    {
        var message = await person.SeesAsync(team.Edge, m => m.Files.Keys.Any(f => f.EndsWith(ending, StringComparison.Ordinal)));
        return (message, message.Files.Keys.Single(f => f.EndsWith(ending, StringComparison.Ordinal)));
    }
}
