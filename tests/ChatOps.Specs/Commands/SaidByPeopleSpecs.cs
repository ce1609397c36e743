using ChatOps.Core.Language.Commands;
using ChatOps.Specs.Conventions;

namespace ChatOps.Specs.Commands;

/// <summary>
/// Lines that people type who know other tools and have read nothing. Each is beside what it means (<c>=</c> and the line that is done), or
/// what is offered (<c>?</c> and the lines to choose from; nothing is done).
/// </summary>
public sealed class SaidByPeopleSpecs
{
    private static readonly string File = Path.Combine(Checkout.Root, "tests", "ChatOps.Specs", "Commands", "said-by-people.tsv");

    [Fact]
    public void Every_line_means_what_stands_beside_it()
    {
        var all = System.IO.File.ReadAllLines(File);
        var lines = all.Select(l => l.StartsWith('#') || l.Length == 0 ? l : $"{l.Split('\t')[0]}\t{OutcomeOf(l.Split('\t')[0])}").ToList();
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
            System.IO.File.WriteAllLines(File, lines);
        Assert.Equal(all, lines);
        Assert.InRange(lines.Count(l => l.Contains('\t', StringComparison.Ordinal)), 300, int.MaxValue);
    }

    [Fact]
    public void What_is_done_can_be_typed_as_it_is_answered() =>
        Assert.All(System.IO.File.ReadLines(File).Where(l => l.Contains("\t= ", StringComparison.Ordinal)), l =>
        {
            var said = l.Split("\t= ");
            var (typed, answered) = (Understood(said[0]), Understood(said[1]));
            Assert.Null(answered.Meant);
            Assert.Equal(typed.Command.Spec.Name, answered.Command.Spec.Name);
            Assert.Equal((typed.Command as ChangeCommand)?.Line, (answered.Command as ChangeCommand)?.Line);
        });

    [Fact]
    public void Each_command_has_other_names_that_are_nobody_elses()
    {
        var names = Catalogue.All.DistinctBy(s => s.Name).SelectMany(s => s.Names).ToList();
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void A_reason_is_never_taken_for_words_of_the_line() =>
        Assert.Equal(
            ("expose vm2:22 on 2222", "please, the port 80 -> vm3:80 is theirs. Thanks!"),
            Understood("please forward port 2222 to vm2:22 because \"please, the port 80 -> vm3:80 is theirs. Thanks!\"").Command
                is Expose expose
                ? (expose.Line, expose.Reason)
                : default
        );

    private static ParseResult.Understood Understood(string line) => Assert.IsType<ParseResult.Understood>(Parser.Parse(line));

    private static string OutcomeOf(string line) =>
        Parser.Parse(line) switch
        {
            ParseResult.Understood { Meant: var meant } => $"= {meant ?? line}",
            ParseResult.NotUnderstood { Refusal.Next: var next } => $"? {string.Join(" | ", next)}",
            _ => "nothing",
        };
}
