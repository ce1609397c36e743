using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ChatOps.Core.Application.Ports;

namespace ChatOps.Azure.Blobs;

/// <summary>Keys in a container, a blob each, for a program whose disk does not outlive it.</summary>
/// <param name="container">The container; it is there, and only that program may read it.</param>
internal sealed class BlobKeyStore(BlobContainerClient container) : IKeyStore
{
    /// <inheritdoc/>
    /// <exception cref="LogUnavailableException">The service does not answer, or will not have us.</exception>
    public async Task<string?> ReadAsync(string name, CancellationToken cancel)
    {
        try
        {
            return (await Blob(name).DownloadContentAsync(cancel)).Value.Content.ToString();
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
        catch (Exception e) when (AzureErrors.IsTransient(e, cancel) || AzureErrors.IsRefusal(e))
        {
            throw AzureErrors.Refusal($"reading the keys in {container.Uri}", e);
        }
    }

    /// <inheritdoc/>
    public async Task<string> MakeAsync(string name, string text, CancellationToken cancel)
    {
        try
        {
            await Blob(name)
                .UploadAsync(
                    BinaryData.FromString(text),
                    new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } },
                    cancel
                );
            return text;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            return await ReadAsync(name, cancel)
                ?? throw new IOException($"{Blob(name).Uri} was made and taken away by another process. Next: start again");
        }
    }

    /// <inheritdoc/>
    public Task WriteAsync(string name, string text, CancellationToken cancel) =>
        Blob(name).UploadAsync(BinaryData.FromString(text), overwrite: true, cancel);

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancel) =>
        Blob(name).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancel);

    private BlobClient Blob(string name) => container.GetBlobClient($"signing/{name}");
}
