using System.Text.RegularExpressions;
using ChatOps.Core.Language.Commands;

namespace ChatOps.Specs.Conventions;

public sealed partial class SourceRules
{
    private const int LongestFile = 300;
    private const int LongestLine = 140;
    private static readonly string[] Scripts = ["run", "test", "bench", ".ci/run"];

    [Fact]
    public void Every_project_says_what_it_is_for() =>
        Assert.Empty(
            Directory
                .EnumerateFiles(Checkout.Root, "*.csproj", SearchOption.AllDirectories)
                .Where(p =>
                    !p.Contains("/tests/", StringComparison.Ordinal)
                    && !p.Contains("/obj/", StringComparison.Ordinal)
                    && !File.Exists(Path.Combine(Path.GetDirectoryName(p)!, "README.md"))
                )
        );

    [Fact]
    public void No_file_grows_past_one_concept() =>
        Assert.Empty(Checkout.Sources.Select(f => (f, File.ReadLines(f).Count())).Where(f => f.Item2 > LongestFile));

    /// <summary>The formatter breaks code; a line of words in quotes and a text over several lines it leaves.</summary>
    [Fact]
    public void A_line_fits_a_screen() =>
        Assert.Empty(Checkout.Sources.SelectMany(f => TooLong(File.ReadAllLines(f)).Select(l => $"{f}:{l}")));

    private static IEnumerable<int> TooLong(string[] lines)
    {
        var isText = false;
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Split("\"\"\"").Length % 2 == 0)
                isText = !isText;
            if (lines[i].Length > LongestLine && !isText && !lines[i].Contains('"', StringComparison.Ordinal))
                yield return i + 1;
        }
    }

    [Fact]
    public void Nobody_waits_synchronously_in_our_own_code() =>
        // The program of a gateway has one thread, on which nobody else waits.
        Assert.Empty(
            Checkout
                .Sources.Where(f =>
                    !f.Contains("/tests/", StringComparison.Ordinal) && !f.Contains("/src/ChatOps.Gateway/", StringComparison.Ordinal)
                )
                .SelectMany(f =>
                    File.ReadLines(f)
                        .Where(l => l.Contains("async void", StringComparison.Ordinal) || l.Contains(".Wait()", StringComparison.Ordinal))
                        .Select(l => $"{f}: {l}")
                )
        );

    // The room prints in its own time: what is looked for at once may come a moment later.
    [Fact]
    public void A_test_waits_for_what_is_said_in_a_room() =>
        Assert.Empty(
            Directory
                .EnumerateFiles(Path.Combine(Checkout.Root, "tests"), "*.cs", SearchOption.AllDirectories)
                .SelectMany(f => File.ReadLines(f).Where(l => LooksAtOnce().IsMatch(l)).Select(l => $"{f}: {l}"))
        );

    [GeneratedRegex(@"Assert\.(Contains|Matches|EndsWith)\(.*\w+\.Transcript\b")]
    private static partial Regex LooksAtOnce();

    // Under pipefail, what writes on to a reader that has gone fails with SIGPIPE, one time in hundreds.
    [Fact]
    public void No_pipe_in_a_script_ends_in_a_reader_that_leaves_early() =>
        Assert.Empty(
            Scripts
                .Select(f => Path.Combine(Checkout.Root, f))
                .Concat(Directory.EnumerateFiles(Path.Combine(Checkout.Root, "infra"), "*", SearchOption.AllDirectories))
                .Where(f =>
                    File.ReadLines(f)
                        .Take(15)
                        .Any(l =>
                            l == "# shellcheck shell=bash"
                            || l.StartsWith("set -", StringComparison.Ordinal) && l.Contains("pipefail", StringComparison.Ordinal)
                        )
                )
                .SelectMany(f => File.ReadLines(f).Where(l => LeavesEarly().IsMatch(l)).Select(l => $"{f}: {l}"))
        );

    [GeneratedRegex(@"\| *(head\b|grep\s+-\w*q)")]
    private static partial Regex LeavesEarly();

    [Fact]
    public void The_command_reference_is_what_the_catalogue_says()
    {
        var reference = Docs.CommandReference.Write(Catalogue.All);
        var file = Path.Combine(Checkout.Root, "docs", "commands.md");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
            File.WriteAllText(file, reference);
        Assert.Equal(File.ReadAllText(file), reference);
    }
}
