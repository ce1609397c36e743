using System.Diagnostics;

namespace ChatOps.Specs.Hosting;

/// <summary>A start that cannot be ends with a sentence and 2, and what it makes is its owner's alone.</summary>
public sealed class StartSpecs : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateFolder = Private | UnixFileMode.UserExecute;

    private readonly TempFolder _folder = new();

    private string Data => _folder.In("data");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("log.people", "lacks the keys that the names and reasons of local:operator")]
    [InlineData("log.key", "(log.key) is damaged")]
    [InlineData("log.vkey", "(log.vkey) are damaged")]
    public async Task A_file_beside_the_log_that_was_emptied_is_named(string name, string sentence)
    {
        await StartedAsync();
        await File.WriteAllTextAsync(Path.Combine(Data, name), "");
        await RefusedAsync(sentence);
        await File.WriteAllBytesAsync(Path.Combine(Data, name), [.. Enumerable.Range(0, 3_000).Select(i => (byte)(i * 7))]);
        await RefusedAsync(name);
    }

    [Theory]
    [InlineData("log.db")]
    [InlineData("log.tree")]
    [InlineData("lock")]
    public async Task What_cannot_be_opened_is_named(string name)
    {
        Directory.CreateDirectory(Path.Combine(Data, name));
        await RefusedAsync(name);
    }

    [Fact]
    public async Task A_restore_whose_plan_cannot_be_read_is_named()
    {
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(Path.Combine(Data, "restoring.json"), "{");
        await RefusedAsync(Data);
    }

    [TmpfsTheory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(48)]
    [InlineData(64)]
    [InlineData(80)]
    public async Task A_full_disk_is_named_with_what_to_do(int roomFor)
    {
        using var disk = Tmpfs.Of(_folder.In("disk"), kibibytes: 256);
        disk.Fill(roomFor);
        var said = await RefusedAsync("", Path.Combine(disk.Path, "data"));
        Assert.True(
            said.Contains("make room on the disk", StringComparison.Ordinal) || said.Contains("disk is full", StringComparison.Ordinal),
            said
        );
        disk.Empty();
        Assert.Equal(0, (await RunAsync(Path.Combine(disk.Path, "data"))).Code);
    }

    [TmpfsFact]
    public async Task A_folder_that_is_read_only_is_named_and_nobody_else_is_said_to_have_it()
    {
        await StartedAsync();
        using var disk = Tmpfs.Of(_folder.In("disk"), kibibytes: 4096);
        foreach (var file in Directory.GetFiles(Data))
            File.Copy(file, Path.Combine(disk.Path, Path.GetFileName(file)));
        disk.MakeReadOnly();
        var said = await RefusedAsync("Read-only file system", disk.Path);
        Assert.Contains("so that it can be written to", said, StringComparison.Ordinal);
        Assert.DoesNotContain("another chatops", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_is_made_is_its_owners_alone_whatever_the_umask()
    {
        await StartedAsync();
        Assert.Equal(PrivateFolder, File.GetUnixFileMode(Data));
        var made = Directory.GetFiles(Data);
        var names = made.Select(f => Path.GetFileName(f)).ToHashSet();
        Assert.Superset(
            new HashSet<string> { "log.db", "log.people", "log.key", "log.vkey", "log.checkpoints", "log.tree", "log.past.db" },
            names
        );
        Assert.All(made, f => Assert.Equal(Private, File.GetUnixFileMode(f)));
    }

    [Fact]
    public async Task A_data_folder_that_others_can_look_into_is_named_at_the_start()
    {
        Directory.CreateDirectory(Data);
        File.SetUnixFileMode(Data, PrivateFolder | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        var (code, said) = await RunAsync(Data);
        Assert.Equal(0, code);
        Assert.Contains($"{Data} is open to others on this machine (mode 705). Next: chmod 700 {Data}", said, StringComparison.Ordinal);
        File.SetUnixFileMode(Data, PrivateFolder);
        Assert.DoesNotContain("open to others", (await RunAsync(Data)).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_log_has_nothing_of_the_former_one_beside_it_but_what_is_set_aside()
    {
        await StartedAsync();
        await File.WriteAllTextAsync(Path.Combine(Data, "typed"), "audit by operator\n");
        Assert.Contains(Directory.GetFiles(Data), HasFormer);
        Assert.Equal(0, (await RunAsync(Data, more: "--fresh")).Code);
        var files = Directory.GetFiles(Data);
        Assert.Contains(files, f => IsSetAside(f) && HasFormer(f));
        Assert.DoesNotContain(files, f => !IsSetAside(f) && HasFormer(f));

        // With a time behind their name, by which forget offers to do them too.
        static bool IsSetAside(string file) => Path.GetFileName(file).Any(char.IsAsciiDigit);
        static bool HasFormer(string file) =>
            File.ReadAllText(file) is var text
            && (text.Contains("vm2", StringComparison.Ordinal) || text.Contains("local:operator", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("backup", "all.backup", "--data", "--policy")]
    [InlineData("--checkpoints", "--fresh")]
    [InlineData("--data", "--own")]
    public async Task An_option_is_no_value_of_another_one(params string[] line) =>
        Assert.Equal(2, await ChatOps.Local.Commands.CommandLine.RunAsync(line));

    // A line may begin with a sign that means a file elsewhere.
    [Fact]
    public async Task A_word_that_begins_with_an_at_sign_is_that_word_and_no_file()
    {
        var file = _folder.In("words");
        await File.WriteAllTextAsync(file, "--version\n");
        Assert.Equal(2, await ChatOps.Local.Commands.CommandLine.RunAsync([$"@{file}"]));
    }

    private async Task StartedAsync() =>
        Assert.Equal(0, (await RunAsync(Data, "operator: vm add vm2 400::100:0:0:2\nhistory 80\naudit", code => code is 0 or 1)).Code);

    private async Task<string> RefusedAsync(string sentence, string? data = null)
    {
        var (code, said) = await RunAsync(data ?? Data);
        Assert.Equal(2, code);
        Assert.Contains(sentence, said, StringComparison.Ordinal);
        Assert.Contains("Next: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", said, StringComparison.Ordinal);
        return said;
    }

    // By a shell, whose umask lets everybody read.
    private async Task<(int Code, string Said)> RunAsync(
        string data,
        string lines = "status",
        Func<int, bool>? isFine = null,
        params string[] more
    )
    {
        var program = Path.Combine(AppContext.BaseDirectory, "chatops.dll");
        string[] ours = [program, "--gateway", $"folder:{_folder.In("gateway")}", "--data", data, "--port", "0", .. more];
        string[] command = ["-c", "umask 000; exec dotnet \"$@\"", "sh", .. ours];
        var start = new ProcessStartInfo("sh", command)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync(lines);
        process.StandardInput.Close();
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (isFine?.Invoke(process.ExitCode) == true ? 0 : process.ExitCode, await said + await complained);
    }
}
