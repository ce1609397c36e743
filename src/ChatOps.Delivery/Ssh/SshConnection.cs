using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Delivery.Answers;
using Renci.SshNet;

namespace ChatOps.Delivery.Ssh;

/// <summary>An authenticated connection. It carries one verb at a time; after an abnormal end it is only fit to be closed.</summary>
internal sealed class SshConnection(Gateway gateway, DialAddress at, SshClient client, TimeSpan commandTimeout) : IDisposable
{
    private volatile SshExec? _current;
    private Task<SshExec>? _session;
    private int? _protocol;

    /// <summary>False once the connection is known to be gone; true may be out of date.</summary>
    public bool IsAlive => client.IsConnected;

    /// <summary>True when it was made for the same key and the same places: a gateway can be pinned or moved anew.</summary>
    public bool IsFor(Gateway other) =>
        gateway.HostKey == other.HostKey
        && (gateway.SshPort, gateway.SshHost, gateway.Login) == (other.SshPort, other.SshHost, other.Login)
        && gateway.Addresses.SequenceEqual(other.Addresses);

    /// <summary>
    /// Sends a verb with its input and waits for the whole answer. Before, it asks which protocol is spoken there, until that is ours: a
    /// program can be renewed while its connections stay.
    /// </summary>
    /// <exception cref="NotStartedException">The connection was gone before.</exception>
    /// <exception cref="GatewayUnreachableException">It was lost on the way, or the answer took too long.</exception>
    /// <exception cref="GatewayProtocolException">The verb is a change, and the gateway speaks another protocol.</exception>
    public async Task<GatewayResponse> RunAsync(GatewayRequest call, CancellationToken cancel)
    {
        if (_protocol != GatewayProtocol.Spoken)
            _protocol = (await RunAloneAsync(Verb.Version, cancel)).Read(GatewayAnswers.Protocol);
        if (call.IsChange && GatewayProtocol.Problem(gateway.Name, _protocol.Value) is { } problem)
            throw new GatewayProtocolException(problem);
        return (_protocol == GatewayProtocol.Spoken ? await SendAsync(call, cancel) : await RunAloneAsync(call.Verb, cancel)) with
        {
            Protocol = _protocol.Value,
        };
    }

    /// <summary>True when a verb that is sent now waits for nothing but its answer.</summary>
    public bool IsReady => IsAlive && _session is { IsCompletedSuccessfully: true };

    /// <summary>Makes it ready in the background, for a gateway of which another connection knows a moment ago what it speaks.</summary>
    public void Prepare(SshConnection? other)
    {
        _protocol = other?._protocol;
        if (_protocol == GatewayProtocol.Spoken)
            _ = SessionAsync();
    }

    private Task<SshExec> SessionAsync() => _session ??= SshExec.OpenSessionAsync(client);

    private Task<GatewayResponse> RunAloneAsync(Verb verb, CancellationToken cancel) =>
        WaitAsync(verb, () => SshExec.RunAsync(client, verb, e => _current = e), cancel);

    private Task<GatewayResponse> SendAsync(GatewayRequest call, CancellationToken cancel) =>
        WaitAsync(
            call.Verb,
            async () =>
            {
                _current = await SessionAsync();
                return await _current.SendAsync(call, client.ConnectionInfo.Timeout);
            },
            cancel
        );

    private async Task<GatewayResponse> WaitAsync(Verb verb, Func<Task<GatewayResponse>> run, CancellationToken cancel)
    {
        try
        {
            return await run().WaitAsync(commandTimeout, cancel);
        }
        catch (TimeoutException e)
        {
            throw Unknown(verb, $"no answer within {commandTimeout.TotalSeconds:0.#} s", e);
        }
        catch (Exception e) when (TransientErrors.Is(e))
        {
            throw Unknown(verb, e.Message, e);
        }
    }

    /// <summary>Closes it in the background: SSH.NET waits for the other side's farewell, and nobody else has to.</summary>
    public void Dispose() =>
        _ = Task.Factory.StartNew(Close, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Close()
    {
        try
        {
            client.Dispose();
        }
        catch (Exception e) when (TransientErrors.Is(e) || e is NullReferenceException)
        {
            // It was gone already; SSH.NET trips over its own closed socket now and then.
        }
        finally
        {
            _current?.Dispose();
        }
    }

    private GatewayUnreachableException Unknown(Verb verb, string why, Exception inner) =>
        new(
            $"{gateway.Name} was lost at {at} after \"{verb}\" was sent ({why}): whether it was done is unknown. Next: ask it again",
            inner
        );
}
