using System.Text.Json;
using Azure.Storage.Blobs;
using ChatOps.Azure.Blobs;
using ChatOps.Core.Domain.Authority;

namespace ChatOps.Integration.Faults;

/// <summary>The log of two processes is proved, and forgets a person; the function app reads it without anybody's key.</summary>
[Collection(nameof(FaultTests)), Trait("needs", "Azurite")]
public sealed class KeepingTests
{
    private const string Reason = "the shop of Ann opens";

    [Fact]
    public async Task Names_and_reasons_are_sealed_in_the_log_proved_and_erased_when_somebody_asks()
    {
        await using var edition = await Edition.StartAsync();
        Assert.True(await edition.SayAsync($"expose vm2:8080 on 80 because \"{Reason}\""), edition.Said());
        await edition.SettledAsync();
        Assert.True(await edition.SayAsync("audit verify", Role.Admin), edition.Said());
        await edition.SaidAsync("the log is whole");
        Assert.True(await edition.SayAsync("show 2"), edition.Said());
        await edition.SaidAsync(Reason);

        // Nothing of it is in the blobs, and the function app knows no name.
        var log = new BlobContainerClient(edition.Azurite.ConnectionString, "log", BlobEventLog.NewClientOptions());
        var stored = (await log.GetBlobClient("00000001").DownloadContentAsync()).Value.Content.ToString();
        Assert.Contains("sealed:v1:", stored, StringComparison.Ordinal);
        Assert.DoesNotContain(Reason, stored, StringComparison.Ordinal);
        using var client = new HttpClient
        {
            BaseAddress = edition.Functions[0].At,
            DefaultRequestHeaders = { { "x-functions-key", Edition.Key } },
        };
        using var audit = JsonDocument.Parse(await client.GetStringAsync("api/audit?q=80"));
        Assert.Contains(audit.RootElement.EnumerateArray(), l => l.GetProperty("who").GetString() == "operator");
        Assert.DoesNotContain("sealed:v1:", audit.RootElement.GetRawText(), StringComparison.Ordinal);

        // One blob for the operator's key, and none after that.
        var keys = new BlobContainerClient(edition.Azurite.ConnectionString, "keys", BlobEventLog.NewClientOptions());
        Assert.Equal(1, await PeopleAsync(keys));
        Assert.True(await edition.SayAsync("forget operator", Role.Admin), edition.Said());
        await Eventually.TrueAsync(async () => await PeopleAsync(keys) == 0, edition.Said);
        var before = edition.Transcript.Length;
        Assert.True(await edition.SayAsync("show 2"), edition.Said());
        await Eventually.TrueAsync(() => edition.Transcript[before..].Contains("(erased)", StringComparison.Ordinal), edition.Said);
        Assert.DoesNotContain(Reason, edition.Transcript[before..], StringComparison.Ordinal);
        Assert.True(await edition.SayAsync("audit verify", Role.Admin), edition.Said());
        await edition.AgreedAsync();
    }

    private static async Task<int> PeopleAsync(BlobContainerClient keys) =>
        await keys.GetBlobsAsync(cancellationToken: default).CountAsync(b => b.Name.StartsWith("people/", StringComparison.Ordinal));
}
