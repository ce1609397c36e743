using ChatOps.Local.Backups;
using ChatOps.Local.Commands;

namespace ChatOps.Specs.Backups;

/// <summary>Nobody who was forgotten comes back by a backup.</summary>
public sealed class ForgottenSpecs : IDisposable
{
    private const string First = "operator: vm add vm2 400::100:0:0:2 because \"the birthday shop\"\napprover: approve 1";

    private readonly Installation _it = new();

    public void Dispose() => _it.Dispose();

    [Fact]
    public async Task Who_was_forgotten_after_an_older_backup_is_so_again_where_the_log_still_lies()
    {
        await _it.SayAsync(First, () => _it.BackUpAsync("b.tgz"));
        await _it.SayAsync("forget operator");
        var restored = await _it.RestoreAsync("b.tgz");
        Assert.Equal("operator", Assert.Single(restored.Forgotten).Id);
        Assert.DoesNotContain("birthday", await _it.SayAsync("show 1\naudit verify"), StringComparison.Ordinal);

        // The log says so itself from now on.
        await _it.BackUpAsync("c.tgz");
        Assert.Empty((await _it.RestoreAsync("c.tgz", _it.In("third"))).Forgotten);
        Assert.DoesNotContain("birthday", await Installation.SayInAsync(_it.In("third"), "show 1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Also_where_that_log_is_damaged()
    {
        await _it.SayAsync(First, () => _it.BackUpAsync("b.tgz"));
        await _it.SayAsync("forget operator");
        using (var log = new FileStream(_it.InData("log.db"), FileMode.Open))
            log.SetLength(log.Length - 4096);
        var restored = await _it.RestoreAsync("b.tgz");
        Assert.True(restored.Former.Unread is not null || restored.Forgotten is [{ Id: "operator" }], "either known or said not to be");
    }

    [Fact]
    public async Task Who_is_taken_out_of_a_backup_does_not_come_back_where_no_log_is()
    {
        await _it.SayAsync(First, () => _it.BackUpAsync("b.tgz"));
        await _it.SayAsync("forget operator");
        Assert.Equal(0, await ForgetInBackupCommand.RunAsync([_it.In("b.tgz")], _it.Data, default));
        Assert.Equal(0, await ForgetInBackupCommand.RunAsync([_it.In("b.tgz")], _it.Data, default));

        Assert.Equal("operator", Assert.Single((await _it.RestoreAsync("b.tgz", _it.In("checked"), replaces: false)).Forgotten).Id);
        Assert.Equal("operator", Assert.Single((await _it.RestoreAsync("b.tgz", _it.In("empty"))).Forgotten).Id);
        var said = await Installation.SayInAsync(_it.In("empty"), "show 1\naudit verify");
        Assert.DoesNotContain("birthday", said, StringComparison.Ordinal);
        Assert.Contains("the log is whole", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_of_another_log_is_not_touched()
    {
        using var other = new Installation();
        await other.SayAsync(First, () => other.BackUpAsync("b.tgz"));
        await _it.SayAsync(First);
        var before = await File.ReadAllBytesAsync(other.In("b.tgz"));
        await Assert.ThrowsAsync<BackupException>(() => ForgetInBackupCommand.RunAsync([other.In("b.tgz")], _it.Data, default));
        Assert.Equal(before, await File.ReadAllBytesAsync(other.In("b.tgz")));
    }
}
