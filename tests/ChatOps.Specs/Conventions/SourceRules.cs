using ChatOps.Core.Commands;

namespace ChatOps.Specs.Conventions;

public sealed class SourceRules
{
    private const int LongestFile = 300;

    [Fact]
    public void Every_project_says_what_it_is_for() =>
        Assert.Empty(
            Directory
                .EnumerateFiles(Checkout.Root, "*.csproj", SearchOption.AllDirectories)
                .Where(p => !p.Contains("/tests/", StringComparison.Ordinal) && !p.Contains("/obj/", StringComparison.Ordinal) && !File.Exists(Path.Combine(Path.GetDirectoryName(p)!, "README.md")))
        );

    [Fact]
    public void No_file_grows_past_one_concept() =>
        Assert.Empty(Checkout.Sources.Select(f => (f, File.ReadLines(f).Count())).Where(f => f.Item2 > LongestFile));

    [Fact]
    public void Nobody_waits_synchronously_in_our_own_code() =>
        // The program of a gateway has one thread, on which nobody else waits.
        Assert.Empty(
            Checkout
                .Sources.Where(f => !f.Contains("/tests/", StringComparison.Ordinal) && !f.Contains("/src/ChatOps.Gateway/", StringComparison.Ordinal))
                .SelectMany(f => File.ReadLines(f).Where(l => l.Contains("async void", StringComparison.Ordinal) || l.Contains(".Wait()", StringComparison.Ordinal)).Select(l => $"{f}: {l}"))
        );

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
