using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;

namespace ChatOps.Delivery.Ssh;

/// <summary>
/// One gateway's connection: opened on first use, kept, opened again when it is dead, replaced by one that was opened as a proof, once that
/// is ready. One verb at a time goes over it, in the order in which they come. After anything abnormal (a loss, a time-out, a cancellation)
/// it is closed, so that no answer is taken for another's.
/// </summary>
internal sealed class WarmConnection(GatewayAccess access) : IDisposable
{
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly EveryFamily _families = new(access);
    private SshConnection? _connection;
    private SshConnection? _newer;
    private volatile bool _closed;

    /// <summary>Runs a verb, on a fresh connection when the warm one turns out to be dead before the gateway has taken the verb.</summary>
    public async Task<GatewayResponse> RunAsync(Gateway gateway, GatewayRequest call, CancellationToken cancel)
    {
        await _oneAtATime.WaitAsync(cancel);
        try
        {
            return await OverWarmAsync(gateway, call, cancel) ?? await OverFreshAsync(gateway, call, cancel);
        }
        catch
        {
            Retire();
            throw;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Looks which ways to the gateway are open, so that a proof can tell which are not any more.</summary>
    public Task LookAsync(Gateway gateway, CancellationToken cancel) => _families.LookAsync(gateway, cancel);

    /// <summary>Logs in anew beside what goes on; the next verb goes over that connection, and the one before it is closed.</summary>
    /// <exception cref="GatewayUnreachableException">Nobody gets through to the gateway anew.</exception>
    /// <exception cref="HostKeyMismatchException">Another machine answers.</exception>
    public async Task ProveAsync(Gateway gateway, CancellationToken cancel)
    {
        var everywhere = _families.ProveAsync(gateway, cancel);
        var proved = await NewConnection.ProveAsync(gateway, access, cancel);
        try
        {
            await everywhere;
        }
        catch
        {
            proved?.Dispose();
            throw;
        }

        if (proved is null)
            return;
        proved.Prepare(_connection);
        Interlocked.Exchange(ref _newer, proved)?.Dispose();
        if (_closed)
            Retire();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _closed = true;
        Retire();
    }

    /// <summary>Null when there is no connection that could be used.</summary>
    private async Task<GatewayResponse?> OverWarmAsync(Gateway gateway, GatewayRequest call, CancellationToken cancel)
    {
        if (_newer is { } newer && (newer.IsReady || _connection is not { IsAlive: true }))
            TakeNewer();
        if (_connection is not { IsAlive: true } warm || !warm.IsFor(gateway))
            return null;
        try
        {
            var running = warm.RunAsync(call, cancel);

            // A change may have cut the connection over which it came. The one that was proved afterwards is there; asking twice does no
            // harm.
            if (
                _newer is not null
                && !call.IsChange
                && await Task.WhenAny(running, Task.Delay(Doubt, cancel)) != running
                && TakeNewer() is { } proved
            )
                return await proved.RunAsync(call, cancel);
            return await running;
        }
        catch (NotStartedException)
        {
            return null;
        }
    }

    private SshConnection? TakeNewer()
    {
        var newer = Interlocked.Exchange(ref _newer, null);
        if (newer is not null)
            Interlocked.Exchange(ref _connection, newer)?.Dispose();
        return newer;
    }

    private async Task<GatewayResponse> OverFreshAsync(Gateway gateway, GatewayRequest call, CancellationToken cancel)
    {
        Retire();
        ObjectDisposedException.ThrowIf(_closed, this);
        _connection = await SshConnector.OpenAsync(gateway, access, cancel);
        try
        {
            return await _connection.RunAsync(call, cancel);
        }
        catch (NotStartedException e)
        {
            throw new GatewayUnreachableException($"{gateway.Name} let us in but did not take \"{call.Verb}\": {e.Message}", e);
        }
    }

    private void Retire()
    {
        Interlocked.Exchange(ref _connection, null)?.Dispose();
        if (_closed)
            Interlocked.Exchange(ref _newer, null)?.Dispose();
    }
}
