using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using ChatOps.Core.Application.Ports;

namespace ChatOps.Azure.Leases;

/// <summary>A turn by a lease that we hold, and renew until the turn is over.</summary>
internal sealed class HeldBlobLock : IHeldLock
{
    private readonly BlobLeaseClient _lease;
    private readonly Renewal _renewal;
    private readonly IHeldLock _here;
    private Task _noting = Task.CompletedTask;
    private int _isOver;

    public HeldBlobLock(BlobLeaseClient lease, TimeSpan lent, long asked, TimeProvider time, IHeldLock here)
    {
        (_lease, _here) = (lease, here);
        _renewal = new Renewal(RenewAsync, lent, asked, time);
    }

    public CancellationToken Lost => _renewal.Lost;

    /// <summary>Leaves word on the blob of who holds it. Nobody waits for it: without the word, the lease runs out.</summary>
    public void Note(BlobClient blob) => _noting = NoteAsync(blob);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0)
            return;
        try
        {
            await _noting;
            await _renewal.DisposeAsync();
            if (!Lost.IsCancellationRequested)
                await _lease.ReleaseAsync();
        }
        catch (Exception e) when (e is RequestFailedException || AzureErrors.IsTransient(e, CancellationToken.None))
        {
            // It runs out by itself, or somebody else has it already.
        }
        finally
        {
            await _here.DisposeAsync();
        }
    }

    private async Task NoteAsync(BlobClient blob)
    {
        try
        {
            await HolderNote.WriteAsync(blob, _lease.LeaseId);
        }
        catch (Exception e) when (e is RequestFailedException || AzureErrors.IsTransient(e, CancellationToken.None))
        {
            // Then others wait for the lease to run out, when we die.
        }
    }

    private async Task<bool> RenewAsync()
    {
        try
        {
            await _lease.RenewAsync();
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return false;
        }
    }
}
