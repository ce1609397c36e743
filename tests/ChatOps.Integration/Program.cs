using Azure.Storage.Blobs;
using ChatOps.Azure.Blobs;
using ChatOps.Azure.Leases;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Specs;
using ChatOps.Specs.Storage;

namespace ChatOps.Integration;

/// <summary>
/// What this program does when it is started by a test as another process: it reads what to do, a word a line, up to an empty line. It ends
/// with the test's process, at the latest.
/// </summary>
public static class Program
{
    /// <summary>Does it.</summary>
    public static async Task<int> Main()
    {
        var words = new List<string>();
        while (await Console.In.ReadLineAsync() is { Length: > 0 } word)
            words.Add(word);
        return words switch
        {
            ["hold-lease", var connection, var container, var gateway, var seconds] => await HoldAsync(
                connection,
                container,
                gateway,
                TimeSpan.FromSeconds(int.Parse(seconds))
            ),
            ["append", var connection, var container, var blocks, var stream, var prefix, var count] => await AppendAsync(
                new BlobContainerClient(connection, container, BlobEventLog.NewClientOptions()),
                BlobLogOptions.Default with
                {
                    BlocksPerSegment = int.Parse(blocks),
                },
                stream,
                prefix,
                int.Parse(count)
            ),
            _ => 2,
        };
    }

    private static async Task<int> HoldAsync(string connection, string container, string gateway, TimeSpan lent)
    {
        var lease = new BlobGatewayLock(new BlobContainerClient(connection, container, BlobGatewayLock.NewClientOptions()), lent);
        await using var turn = await lease.TakeAsync(Text.Parse<Name<Gateway>>(gateway), default);
        // The word of who holds it is on its way.
        await Task.Delay(500);
        Console.WriteLine("held");
        await Console.In.ReadLineAsync();
        return 0;
    }

    private static async Task<int> AppendAsync(
        BlobContainerClient container,
        BlobLogOptions options,
        string stream,
        string prefix,
        int count
    )
    {
        using var folder = new TempFolder();
        await using var log = await BlobEventLog.OpenAsync(container, folder.In("copy.db"), options);
        Console.WriteLine("open");
        for (var i = 0; i < count; i++)
            await log.AppendAnyhow(stream, $"{prefix}-{i}");
        return 0;
    }
}
