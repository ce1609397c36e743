using System.Collections.Concurrent;
using System.Collections.Immutable;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Delivery.Answers;

namespace ChatOps.Delivery.Ssh;

/// <summary>
/// Gateways over SSH: one warm connection each, one verb at a time on it, different gateways in parallel. Looks that take a while have a
/// second one of their own, so that no change waits for them. Nothing is sent to a machine that does not prove the pinned host key. An
/// answer that is not one is a <see cref="GatewayAnswerException"/>. What was confirmed last is kept, so that the next revision travels as
/// its difference from it; the first one since this was started travels whole.
/// </summary>
public sealed class SshGatewayClient(GatewayAccess access) : IGatewayClient, IAsyncDisposable
{
    private readonly ConcurrentDictionary<(Name<Gateway> Gateway, bool IsForLooks), WarmConnection> _connections = new();
    private readonly ConcurrentDictionary<Name<Gateway>, Delivered> _applied = new();
    private readonly ConcurrentDictionary<Name<Gateway>, Delivered> _confirmed = new();
    private volatile bool _disposed;

    /// <inheritdoc/>
    public Task<HostKey> ReadHostKeyAsync(Gateway gateway, CancellationToken cancel) =>
        SshConnector.ReadHostKeyAsync(gateway, access, cancel);

    /// <inheritdoc/>
    public async Task<GatewayAnswer> ApplyAsync(
        Gateway gateway,
        Revision revision,
        TimeSpan revertAfter,
        IReadOnlyDictionary<string, string> files,
        bool full,
        Action<string> onStep,
        CancellationToken cancel
    )
    {
        await ConnectionTo(gateway, isForLooks: false).LookAsync(gateway, cancel);
        var verb = Verb.Apply(revision, revertAfter, full);
        var answer = _confirmed.TryGetValue(gateway.Name, out var known)
            ? await SendAsync(Difference.Between(known.Revision, known.Files, files))
            : await SendAsync(files);
        // The gateway has not what we think it has: pruned, edited by hand, or another machine by now.
        if (answer is GatewayAnswer.Refused { Code: "base" } && _confirmed.TryRemove(gateway.Name, out _))
            answer = await SendAsync(files);
        if (answer is GatewayAnswer.Done)
            _applied[gateway.Name] = new(revision, files);
        return answer;

        async Task<GatewayAnswer> SendAsync(IReadOnlyDictionary<string, string> members) =>
            Checked(await RunAsync(gateway, new(verb, TarBundle.Of(members), onStep), cancel), GatewayAnswers.Apply);
    }

    /// <inheritdoc/>
    public Task ProveNewConnectionAsync(Gateway gateway, CancellationToken cancel) =>
        ConnectionTo(gateway, isForLooks: false).ProveAsync(gateway, cancel);

    /// <inheritdoc/>
    public async Task<GatewayAnswer> ConfirmAsync(Gateway gateway, Revision revision, CancellationToken cancel)
    {
        var answer = Checked(await RunAsync(gateway, GatewayRequest.Of(Verb.Confirm(revision)), cancel), GatewayAnswers.Confirm);
        if (answer is GatewayAnswer.Done && _applied.TryGetValue(gateway.Name, out var applied) && applied.Revision == revision)
            _confirmed[gateway.Name] = applied;
        return answer;
    }

    /// <inheritdoc/>
    public async Task<GatewayAnswer> RevertAsync(Gateway gateway, CancellationToken cancel) =>
        Checked(await RunAsync(gateway, GatewayRequest.Of(Verb.Revert), cancel), GatewayAnswers.Revert);

    /// <inheritdoc/>
    public async Task<GatewayObservation> ObserveAsync(Gateway gateway, CancellationToken cancel)
    {
        var said = await RunAsync(gateway, GatewayRequest.Of(Verb.Observe), cancel);
        return said.Read(GatewayAnswers.Observe) with { Protocol = said.Protocol };
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<Drift>> DriftAsync(Gateway gateway, CancellationToken cancel) =>
        (await RunAsync(gateway, GatewayRequest.Of(Verb.Drift), cancel, isLook: true)).Read(GatewayAnswers.Drift);

    /// <inheritdoc/>
    public async Task<GatewayStats> StatsAsync(Gateway gateway, CancellationToken cancel) =>
        (await RunAsync(gateway, GatewayRequest.Of(Verb.Stats), cancel, isLook: true)).Read(GatewayAnswers.Stats);

    /// <summary>Closes all connections; a verb that is under way is lost, and its outcome unknown.</summary>
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        foreach (var connection in _connections.Values)
            connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<GatewayResponse> RunAsync(Gateway gateway, GatewayRequest call, CancellationToken cancel, bool isLook = false) =>
        ConnectionTo(gateway, isLook).RunAsync(gateway, call, cancel);

    private WarmConnection ConnectionTo(Gateway gateway, bool isForLooks)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _connections.GetOrAdd((gateway.Name, isForLooks), _ => new WarmConnection(access));
    }

    /// <summary>The answer; "done" from a program that then failed is not taken for an answer.</summary>
    private static GatewayAnswer Checked(GatewayResponse said, Func<string, GatewayAnswer> parse)
    {
        var answer = said.Read(parse);
        return answer is GatewayAnswer.Done && said.Exit != 0
            ? throw new GatewayAnswerException(
                $"the gateway said that it was done but ended with {said.Ending}: {GatewayAnswerException.Excerpt(said.Output)}"
            )
            : answer;
    }

    private sealed record Delivered(Revision Revision, IReadOnlyDictionary<string, string> Files);
}
