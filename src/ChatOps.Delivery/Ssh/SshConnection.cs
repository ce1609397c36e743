using ChatOps.Core.Gateways;
using ChatOps.Core.Ports;
using ChatOps.Delivery.Answers;
using Renci.SshNet;

namespace ChatOps.Delivery.Ssh;

/// <summary>An authenticated connection. It carries one verb at a time; after an abnormal end it is only fit to be closed.</summary>
internal sealed class SshConnection(Gateway gateway, DialAddress at, SshClient client, TimeSpan commandTimeout) : IDisposable
{
    private volatile Exchange? _current;
    private int? _protocol;

    /// <summary>False once the connection is known to be gone; true may be out of date.</summary>
    public bool IsAlive => client.IsConnected;

    /// <summary>True when it was made for the same key and the same places: a gateway can be pinned or moved anew.</summary>
    public bool IsFor(Gateway other) =>
        gateway.HostKey == other.HostKey && (gateway.SshPort, gateway.SshHost, gateway.Login) == (other.SshPort, other.SshHost, other.Login) && gateway.Addresses.SequenceEqual(other.Addresses);

    /// <summary>
    /// Sends a verb with its input and waits for the whole answer. Before, it asks which protocol is spoken there, until that is ours: a program can
    /// be renewed while its connections stay.
    /// </summary>
    /// <exception cref="NotStartedException">The connection was gone before.</exception>
    /// <exception cref="GatewayUnreachableException">It was lost on the way, or the answer took too long.</exception>
    /// <exception cref="GatewayProtocolException">The verb is a change, and the gateway speaks another protocol.</exception>
    public async Task<Said> RunAsync(Call call, CancellationToken cancel)
    {
        if (_protocol != GatewayProtocol.Spoken)
            _protocol = (await SendAsync(Call.Of(Verb.Version), cancel)).Read(GatewayAnswers.Protocol);
        if (call.IsChange && GatewayProtocol.Problem(gateway.Name, _protocol.Value) is { } problem)
            throw new GatewayProtocolException(problem);
        return await SendAsync(call, cancel) with { Protocol = _protocol.Value };
    }

    /// <summary>What was said on another connection to the same gateway a moment ago is not asked again.</summary>
    public void KnowsFrom(SshConnection? other) => _protocol = other?._protocol;

    private async Task<Said> SendAsync(Call call, CancellationToken cancel)
    {
        var exchange = new Exchange(client, call);
        _current = exchange;
        try
        {
            return await exchange.Run().WaitAsync(commandTimeout, cancel);
        }
        catch (TimeoutException e)
        {
            throw Unknown(call.Verb, $"no answer within {commandTimeout.TotalSeconds:0.#} s", e);
        }
        catch (Exception e) when (Loss.Is(e))
        {
            throw Unknown(call.Verb, e.Message, e);
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
        catch (Exception e) when (Loss.Is(e) || e is NullReferenceException)
        {
            // It was gone already; SSH.NET trips over its own closed socket now and then.
        }
        finally
        {
            _current?.Abandon();
        }
    }

    private GatewayUnreachableException Unknown(Verb verb, string why, Exception inner) =>
        new(
            $"{gateway.Name} was lost at {at} after \"{verb}\" was sent ({why}): whether it was done is unknown. Next: ask it again",
            inner
        );
}
