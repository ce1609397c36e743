using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Storage;

namespace ChatOps.Azure.Leases;

/// <summary>
/// Turns among processes: a lease on the blob that bears the gateway's name, renewed while the turn lasts. The service takes it back from a
/// holder that died; a holder that died on this machine is recognised by its note on the blob, and nobody waits for the time to run out.
/// </summary>
internal sealed class BlobGatewayLock : IGatewayLock
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly BlobContainerClient _container;
    private readonly TimeSpan _lent;
    private readonly TimeProvider _time;
    private readonly InProcessGatewayLock _here = new();

    /// <summary>Turns by the leases of a container, which is made when it is not there. It must not be the log's.</summary>
    /// <param name="container">The container, by a client with <see cref="NewClientOptions"/>.</param>
    /// <param name="lent">How long a lease outlives its holder: 15 to 60 s, as the service has it; 15 s when null.</param>
    /// <param name="time">The clock for pauses; the system's when null.</param>
    public BlobGatewayLock(BlobContainerClient container, TimeSpan? lent = null, TimeProvider? time = null)
    {
        (_container, _lent, _time) = (container, lent ?? TimeSpan.FromSeconds(15), time ?? TimeProvider.System);
        if (_lent < TimeSpan.FromSeconds(15) || _lent > TimeSpan.FromSeconds(60))
            throw new ArgumentOutOfRangeException(nameof(lent), lent, "expected 15 to 60 s");
    }

    /// <summary>How a client for the container is to be made: it gives up well before a lease has run out.</summary>
    public static BlobClientOptions NewClientOptions() =>
        new(BlobClientOptions.ServiceVersion.V2025_11_05)
        {
            Retry =
            {
                MaxRetries = 1,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromSeconds(1),
                NetworkTimeout = TimeSpan.FromSeconds(2),
            },
        };

    /// <inheritdoc/>
    /// <exception cref="RequestFailedException">The service does not answer, or refuses.</exception>
    public async Task<IHeldLock> TakeAsync(Name<Gateway> gateway, CancellationToken cancel)
    {
        // Those of this process wait here, and do not ask the service all the time.
        var here = await _here.TakeAsync(gateway, cancel);
        try
        {
            var blob = _container.GetBlobClient(gateway.ToString());
            var lease = blob.GetBlobLeaseClient(Guid.NewGuid().ToString());
            long? looked = null;
            while (true)
            {
                var asked = _time.GetTimestamp();
                if (await TryTakeAsync(blob, lease, cancel))
                {
                    var turn = new HeldBlobLock(lease, _lent, asked, _time, here);
                    turn.Note(blob);
                    return turn;
                }

                if (looked is null || _time.GetElapsedTime(looked.Value) > LookEvery)
                {
                    looked = asked;
                    if (await HolderNote.FreeTheDeadAsync(blob, cancel))
                        continue;
                }

                await Task.Delay(AskEvery, _time, cancel);
            }
        }
        catch
        {
            await here.DisposeAsync();
            throw;
        }
    }

    private async Task<bool> TryTakeAsync(BlobClient blob, BlobLeaseClient lease, CancellationToken cancel)
    {
        try
        {
            await lease.AcquireAsync(_lent, cancellationToken: cancel);
            return true;
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.LeaseAlreadyPresent)
        {
            return false;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            await MakeAsync(blob, cancel);
            return false;
        }
    }

    private async Task MakeAsync(BlobClient blob, CancellationToken cancel)
    {
        try
        {
            await _container.CreateIfNotExistsAsync(cancellationToken: cancel);
            await blob.UploadAsync(
                BinaryData.Empty,
                new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } },
                cancel
            );
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            // Somebody else has made it, and may have taken it.
        }
    }
}
