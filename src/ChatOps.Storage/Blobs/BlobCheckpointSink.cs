using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ChatOps.Core.Ports;

namespace ChatOps.Storage.Blobs;

/// <summary>
/// Checkpoints in a container of their own, a blob each, written once. With an immutability policy on the container not even its owner can change or
/// remove one before the policy's time is over; without one it is only as good as the rights on it.
/// </summary>
public sealed class BlobCheckpointSink(BlobContainerClient container) : ICheckpointSink
{
    /// <inheritdoc/>
    public string Place => $"the container {container.Name}";

    /// <inheritdoc/>
    public async Task PutAsync(LogNote note, CancellationToken cancel)
    {
        var blob = container.GetBlobClient(note.Name);
        try
        {
            await blob.UploadAsync(BinaryData.FromString(note.Text), new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } }, cancel);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            // The same note twice is fine. Another one of that size is kept beside it: two checkpoints of one size are what somebody has to see.
            var there = await TextOfAsync(note.Name, cancel);
            if (there == note.Text)
                return;
            var name = $"{note.Name}-{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BinaryData.FromString(note.Text)))[..16]}";
            await PutAsync(note with { Name = name }, cancel);
        }
        catch (RequestFailedException e)
        {
            throw new IOException($"{e.Status} {e.ErrorCode}", e);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var name in await NamesAsync(cancel))
            yield return await TextOfAsync(name, cancel);
    }

    private async Task<List<string>> NamesAsync(CancellationToken cancel)
    {
        try
        {
            var names = new List<string>();
            await foreach (var blob in container.GetBlobsAsync(cancellationToken: cancel))
                names.Add(blob.Name);
            return names;
        }
        catch (RequestFailedException e)
        {
            throw new IOException($"{e.Status} {e.ErrorCode}", e);
        }
    }

    private async Task<string> TextOfAsync(string name, CancellationToken cancel)
    {
        try
        {
            return (await container.GetBlobClient(name).DownloadContentAsync(cancel)).Value.Content.ToString();
        }
        catch (RequestFailedException e)
        {
            throw new IOException($"{e.Status} {e.ErrorCode}", e);
        }
    }
}
