using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ChatOps.Core.Application.Ports;

namespace ChatOps.Azure.Blobs;

/// <summary>
/// Checkpoints in a container of their own, a blob each, written once. With an immutability policy on the container not even its owner can
/// change or remove one before the policy's time is over; without one it is only as good as the rights on it.
/// </summary>
internal sealed class BlobCheckpointSink(BlobContainerClient container) : ICheckpointSink
{
    private const int MaxParallelism = 32;

    /// <inheritdoc/>
    public string Place => $"the container {container.Name}";

    /// <inheritdoc/>
    public Task PutAsync(LogNote note, CancellationToken cancel) =>
        CallAsync(
            async () =>
            {
                // The same note twice is fine. Another one of that size is kept beside it: two checkpoints of one size are what somebody
                // has to see.
                var beside = $"{note.Name}-{Convert.ToHexStringLower(SHA256.HashData(BinaryData.FromString(note.Text)))[..16]}";
                return await IsPutAsync(note.Name, note.Text, cancel) || await IsPutAsync(beside, note.Text, cancel);
            },
            cancel
        );

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var text in await CallAsync(() => TextsAsync(cancel), cancel))
            yield return text;
    }

    // False when another text is there under that name.
    private async Task<bool> IsPutAsync(string name, string text, CancellationToken cancel)
    {
        try
        {
            var once = new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            await container.GetBlobClient(name).UploadAsync(BinaryData.FromString(text), once, cancel);
            return true;
        }
        // What is there already is answered by 409, under a policy of immutability by other codes of it, and by 403 to whoever may only
        // add.
        catch (RequestFailedException e) when (e.Status is 403 or 409 or 412 && e.ErrorCode != BlobErrorCode.ContainerNotFound)
        {
            if (!await container.GetBlobClient(name).ExistsAsync(cancel))
                throw;
            return await TextOfAsync(name, cancel) == text;
        }
    }

    // There are thousands after some years, and the start of the program waits for them.
    private async Task<string[]> TextsAsync(CancellationToken cancel)
    {
        var names = await container.GetBlobsAsync(cancellationToken: cancel).Select(b => b.Name).ToArrayAsync(cancel);
        var texts = new string[names.Length];
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = MaxParallelism, CancellationToken = cancel };
        await Parallel.ForEachAsync(Enumerable.Range(0, names.Length), atOnce, async (i, over) =>
            texts[i] = await TextOfAsync(names[i], over)
        );
        return texts;
    }

    private async Task<string> TextOfAsync(string name, CancellationToken cancel) =>
        (await container.GetBlobClient(name).DownloadContentAsync(cancel)).Value.Content.ToString();

    private static async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancel)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is RequestFailedException || AzureErrors.IsTransient(e, cancel))
        {
            throw new IOException(AzureErrors.Words(e), e);
        }
    }
}
