using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Values;
using ChatOps.Hosting;

namespace ChatOps.Azure.Blobs;

/// <summary>
/// The keys of people in a container, a blob each, under a name that follows from who it is. The container must keep nothing of what is
/// deleted: no versions, no soft delete, no policy of immutability. Whoever reads waits for a service that is away; whoever writes is told.
/// </summary>
internal sealed class BlobPersonKeys(BlobContainerClient container, TimeProvider time) : IPersonKeys
{
    private const string Folder = "people/";
    private const string KeyId = "key";

    private static readonly BackOff Away = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1));

    // Null for one that is not there. A key is there before the first record that it seals is, so one that is missing then never comes.
    private readonly ConcurrentDictionary<string, PersonKey?> _known = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    /// <exception cref="LogUnavailableException">The service does not answer, or will not have us; nothing was made or written.</exception>
    public async ValueTask<PersonKey> OfAsync(Actor person, CancellationToken cancel)
    {
        PersonKey? key = null;
        await AzureErrors.OutlastAsync(
            $"looking for a person's key in {container.Uri}",
            BlobLogOptions.Default.BackOff,
            BlobLogOptions.Default.Retries,
            time,
            async () =>
            {
                // Again when somebody else was faster.
                while (key is null)
                    key = await TryOfAsync(person, cancel);
            },
            cancel
        );
        return key!;
    }

    /// <inheritdoc/>
    public async ValueTask<PersonKey?> FindAsync(string id, CancellationToken cancel)
    {
        if (_known.TryGetValue(id, out var known))
            return known;
        await PatientlyAsync(
            async () =>
            {
                await foreach (var (blob, key) in BlobsAsync(cancel))
                {
                    if (!_known.ContainsKey(key) && await ReadAsync(blob, cancel) is { } found)
                        Keep(found.Page);
                }
            },
            cancel
        );
        return _known.GetOrAdd(id, _ => null);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<KnownPerson>> KnownAsync(CancellationToken cancel)
    {
        var people = ImmutableArray.CreateBuilder<KnownPerson>();
        await foreach (var (blob, _) in BlobsAsync(cancel))
        {
            if (await ReadAsync(blob, cancel) is { Page: var page })
                people.Add(new KnownPerson(new Actor(page.Platform, page.Id, page.Name), page.Key));
        }

        return people.ToImmutable();
    }

    /// <inheritdoc/>
    public async Task DestroyAsync(IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        if (ids.All(id => _known.TryGetValue(id, out var known) && known is null))
            return;
        await PatientlyAsync(
            async () =>
            {
                await foreach (var (blob, key) in BlobsAsync(cancel))
                {
                    if (ids.Contains(key))
                        await blob.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancel);
                }
            },
            cancel
        );
        foreach (var id in ids)
            _known[id] = null;
    }

    // Null when somebody else was faster. Asked for each time: another process may have destroyed the key a moment ago.
    private async Task<PersonKey?> TryOfAsync(Actor person, CancellationToken cancel)
    {
        var blob = container.GetBlobClient(NameOf(person));
        var there = await ReadAsync(blob, cancel);
        if (there is { } found && found.Page.Name == person.Name)
            return Keep(found.Page);
        var key = there is { Page: var former } ? new PersonKey(former.Key, former.Secret) : PersonKey.Make();
        var page = new Page(person.Platform, person.Id, person.Name, key.Id, key.Secret.ToArray());
        return await WriteAsync(blob, page, there?.Tag, cancel) ? Keep(page) : null;
    }

    private PersonKey Keep(Page page)
    {
        var key = new PersonKey(page.Key, page.Secret);
        _known[page.Key] = key;
        return key;
    }

    private async IAsyncEnumerable<(BlobClient Blob, string Key)> BlobsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var item in container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, Folder, cancel))
        {
            if (item.Metadata.TryGetValue(KeyId, out var key))
                yield return (container.GetBlobClient(item.Name), key);
        }
    }

    private static async Task<(Page Page, ETag Tag)?> ReadAsync(BlobClient blob, CancellationToken cancel)
    {
        try
        {
            var content = (await blob.DownloadContentAsync(cancel)).Value;
            return (content.Content.ToObjectFromJson<Page>()!, content.Details.ETag);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    // False when somebody else was faster.
    private static async Task<bool> WriteAsync(BlobClient blob, Page page, ETag? over, CancellationToken cancel)
    {
        var options = new BlobUploadOptions
        {
            Conditions = over is { } tag
                ? new BlobRequestConditions { IfMatch = tag }
                : new BlobRequestConditions { IfNoneMatch = ETag.All },
            Metadata = new Dictionary<string, string> { [KeyId] = page.Key },
        };
        try
        {
            await blob.UploadAsync(BinaryData.FromObjectAsJson(page), options, cancel);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412 || e.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return false;
        }
    }

    private async Task PatientlyAsync(Func<Task> work, CancellationToken cancel)
    {
        for (var failures = 0; ; )
        {
            try
            {
                await work();
                return;
            }
            catch (Exception e) when (AzureErrors.IsTransient(e, cancel))
            {
                await Away.WaitAsync(++failures, time, cancel);
            }
        }
    }

    private static string NameOf(Actor person) =>
        Folder + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{person.Platform}\n{person.Id}")));

    private sealed record Page(string Platform, string Id, string Name, string Key, byte[] Secret)
    {
        // So that nothing prints the secret by accident.
        public override string ToString() => Key;
    }
}
