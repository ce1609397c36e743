using Azure.Storage.Blobs;
using ChatOps.Azure.Blobs;
using ChatOps.Core.Application.Ports;
using ChatOps.Integration.Azurites;
using ChatOps.Specs;
using ChatOps.Specs.Conventions;
using ChatOps.Specs.Storage;
using static ChatOps.Specs.Storage.Sample;

namespace ChatOps.Integration.Blobs;

/// <summary>The service goes away and comes back. It has an Azurite of its own, because the others want theirs.</summary>
[Trait("needs", "Azurite")]
public sealed class OutageTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private Azurite? _azurite;
    private BlobEventLog? _log;

    private Azurite Azurite => _azurite!;

    private BlobEventLog Log => _log!;

    [Fact]
    public async Task An_append_while_it_is_away_saves_nothing_and_says_so()
    {
        await Log.Append(Gw1, 0, "a");
        await StopAsync();
        var error = await Assert.ThrowsAsync<LogUnavailableException>(() => Log.AppendAsync(Gw1, 1, Records("b"), default));
        Assert.False(error.MayBeSaved);
        Assert.StartsWith("appending to gateway/gw1: the log http://127.0.0.1:", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "does not answer (connection refused). Nothing was saved. Next: send it again when it is back",
            error.Message,
            StringComparison.Ordinal
        );
        await Azurite.StartAsync();
        Assert.Equal(["a"], (await Log.All()).Ids());
        await Log.Append(Gw1, 1, "b");
        Assert.Equal(["a", "b"], (await Log.All()).Ids());
    }

    [Fact]
    public async Task Reading_while_it_is_away_says_so()
    {
        await StopAsync();
        await Assert.ThrowsAsync<LogUnavailableException>(() => Log.All());
        await Assert.ThrowsAsync<LogUnavailableException>(() => Log.Stream(Gw1));
        await Assert.ThrowsAsync<LogUnavailableException>(() => Log.FindAsync("a", default));
        await Assert.ThrowsAsync<LogUnavailableException>(() => OpenAsync("another.db"));
    }

    [Fact]
    public async Task A_follower_waits_for_it_to_come_back()
    {
        var following = Log.Follow(0, 2);
        await Log.Append(Gw1, 0, "a");
        await Azurite.StopAsync();
        await Eventually.TrueAsync(() => Log.Trouble == "connection refused", () => $"trouble: {Log.Trouble}");
        await Azurite.StartAsync();
        await using var other = await OpenAsync("other.db");
        await other.Append(Gw1, 1, "b");
        Log.Hurry();
        Assert.Equal(["a", "b"], (await following).Ids());
        Assert.Null(Log.Trouble);
    }

    public async Task InitializeAsync()
    {
        _azurite = await Azurite.StartAsync(Checkout.Root, Directory.CreateDirectory(_folder.In("azurite")).FullName);
        _log = await OpenAsync("copy.db");
    }

    public async Task DisposeAsync()
    {
        if (_log is not null)
            await _log.DisposeAsync();
        if (_azurite is not null)
            await _azurite.DisposeAsync();
        _folder.Dispose();
    }

    // Until it refuses: the next call over a connection that was open before may be told of a reset, and then nobody knows whether it was
    // heard.
    private async Task StopAsync()
    {
        await Azurite.StopAsync();
        await Eventually.TrueAsync(async () =>
            (await Assert.ThrowsAsync<LogUnavailableException>(() => Log.All())).Message.Contains(
                "(connection refused)",
                StringComparison.Ordinal
            )
        );
    }

    private Task<BlobEventLog> OpenAsync(string copy) =>
        BlobEventLog.OpenAsync(new BlobContainerClient(Azurite.ConnectionString, "log", BlobEventLog.NewClientOptions()), _folder.In(copy));
}
