using ChatOps.Hosting;
using ChatOps.Specs.Conventions;

namespace ChatOps.Specs.Infra;

public sealed class VersionSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public VersionSpecs()
    {
        Directory.CreateDirectory(_folder.In("checkout/infra"));
        File.Copy(Path.Combine(Checkout.Root, "infra", "version"), _folder.In("checkout/infra/version"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_version_is_what_git_says_of_the_checkout()
    {
        Assert.Equal("0.0.0-unknown", await SaidAsync());

        await GitAsync("init", "--quiet");
        await CommitAsync();
        await CommitAsync();
        Assert.Matches("^0\\.0\\.0-2-g[0-9a-f]{7,}$", await SaidAsync());

        await GitAsync("tag", "v1.2.0");
        Assert.Equal("1.2.0", await SaidAsync());

        await CommitAsync();
        await GitAsync("tag", "picnic");
        Assert.Matches("^1\\.2\\.0-1-g[0-9a-f]{7,}$", await SaidAsync());

        await File.AppendAllTextAsync(_folder.In("checkout/infra/version"), "# changed\n");
        Assert.Matches("^1\\.2\\.0-1-g[0-9a-f]{7,}-dirty$", await SaidAsync());
    }

    [Fact]
    public async Task An_archive_that_lies_in_another_checkout_does_not_take_its_version()
    {
        await Script.RunAsync("git", ["-C", _folder.Path, "init", "--quiet"]);
        await Script.RunAsync(
            "git",
            [
                "-C",
                _folder.Path,
                "-c",
                "user.name=us",
                "-c",
                "user.email=us@localhost",
                "commit",
                "--quiet",
                "--allow-empty",
                "-m",
                "theirs",
            ]
        );
        Assert.Equal("0.0.0-unknown", await SaidAsync());
    }

    [Fact]
    public async Task A_program_that_was_published_says_its_version_and_one_that_was_only_built_its_commit()
    {
        var file = _folder.In("version.txt");
        Assert.Matches("^0\\.0\\.0-(g[0-9a-f]{7}|unknown)$", ProgramVersion.Read(file, typeof(ProgramVersion).Assembly));
        await File.WriteAllTextAsync(file, "1.2.0-4-gabc1234\n");
        Assert.Equal("1.2.0-4-gabc1234", ProgramVersion.Read(file, typeof(ProgramVersion).Assembly));
    }

    private async Task<string> SaidAsync()
    {
        var said = await Script.RunAsync(_folder.In("checkout/infra/version"), []);
        Assert.True(said.Exit == 0, said.Errors);
        return said.Output.Trim();
    }

    private async Task CommitAsync()
    {
        await GitAsync("add", ".");
        await GitAsync("commit", "--quiet", "--allow-empty", "-m", "ours");
    }

    private async Task GitAsync(params string[] arguments)
    {
        var done = await Script.RunAsync(
            "git",
            [
                "-C",
                _folder.In("checkout"),
                "-c",
                "user.name=us",
                "-c",
                "user.email=us@localhost",
                "-c",
                "commit.gpgsign=false",
                .. arguments,
            ]
        );
        Assert.True(done.Exit == 0, done.Errors);
    }
}
