using ChatOps.Bot.Configuration;
using ChatOps.Local.Backups;

namespace ChatOps.Specs.Backups;

/// <summary>A log whose keys are not there is not worked with, until somebody says that they are lost.</summary>
public sealed class LossSpecs : IAsyncLifetime
{
    private readonly Installation _it = new();

    public Task InitializeAsync() => _it.SayAsync("operator: vm add vm2 400::100:0:0:2 because \"shop\"\napprover: approve 1");

    public Task DisposeAsync()
    {
        _it.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Without_the_keys_of_people_it_does_not_start()
    {
        File.Delete(_it.InData("log.people"));
        await RefusedAsync(
            "log.people is missing: without it nobody can read the names and reasons of local:approver, local:operator in the log. Nothing was started or changed. Next: put it back from a backup (chatops restore FILE)"
        );
        Assert.False(File.Exists(_it.InData("log.people")));
        var said = await AcceptAsync();
        Assert.Contains("Their names and reasons up to now read (erased) for ever, and the log says so", said, StringComparison.Ordinal);
        var after = await _it.SayAsync("show 1\naudit verify\nsay nothing");
        Assert.Contains("(erased)", after, StringComparison.Ordinal);
        Assert.Contains("the log is whole", after, StringComparison.Ordinal);
        Assert.Contains("nothing is lost", await AcceptAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_those_of_another_log_it_does_not_start()
    {
        using var other = new Installation();
        await other.SayAsync("operator: vm add vm2 400::100:0:0:2\napprover: approve 1");
        File.Copy(other.InData("log.people"), _it.InData("log.people"), overwrite: true);
        await RefusedAsync(
            "log.people lacks the keys that the names and reasons of local:approver, local:operator in the log are sealed under"
        );
    }

    [Theory]
    [InlineData("log.people", "log.people cannot be read: ")]
    [InlineData("log.key", "the key that signs checkpoints (log.key) is damaged")]
    [InlineData("log.vkey", "the public keys that ever signed (log.vkey) are damaged")]
    public async Task With_damaged_keys_it_does_not_start(string file, string sentence)
    {
        await File.WriteAllTextAsync(_it.InData(file), "no key at all");
        await RefusedAsync(sentence);
        await AcceptAsync();
        Assert.Single(Directory.GetFiles(_it.Data, $"lost-*-{file}"));
        Assert.Contains("log is whole", await _it.SayAsync("audit verify"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("log.key", "the key that signs checkpoints (log.key) is missing")]
    [InlineData("log.vkey", "the public keys that ever signed (log.vkey) are missing")]
    public async Task Without_signing_keys_it_does_not_start(string file, string sentence)
    {
        File.Delete(_it.InData(file));
        await RefusedAsync(sentence);
        Assert.False(File.Exists(_it.InData(file)));
        var said = await AcceptAsync();
        Assert.Contains("Next: give whoever checks the new key: chatops/", said, StringComparison.Ordinal);
        Assert.Contains("log is whole", await _it.SayAsync("audit verify"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_alone_is_no_log()
    {
        foreach (var beside in Directory.GetFiles(_it.Data).Where(f => Path.GetFileName(f) is not ("log.db" or "log.db-wal" or "lock")))
            File.Delete(beside);
        await RefusedAsync("log.people is missing");
        Assert.Equal(2, (await AcceptAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        await _it.SayAsync("audit verify");
    }

    private async Task RefusedAsync(string sentence)
    {
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => _it.SayAsync("status"));
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        Assert.Contains("chatops accept-loss --data ", refused.Message, StringComparison.Ordinal);
    }

    private async Task<string> AcceptAsync()
    {
        using var folder = DataFolder.Open(_it.Data);
        return string.Join('\n', await new LossAcceptance(folder, null, TimeProvider.System).RunAsync(default));
    }
}
