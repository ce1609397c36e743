using System.Collections.Immutable;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Planning;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Bot.Web.Pictures;

/// <summary>Which thing of a gateway what is wrong belongs to: the alerts of the log, what was last heard, and what is stuck.</summary>
internal sealed class Troubles
{
    private readonly GatewayState _state;
    private readonly GatewayHealth? _health;
    private readonly ImmutableArray<(AlertKind? Kind, string[] Subjects, string Text)> _alerts;

    public Troubles(GatewayState state, GatewayHealth? health)
    {
        (_state, _health) = (state, health);

        // What closes by itself at its time is no trouble; that it is said beforehand is.
        _alerts =
        [
            .. state
                .Alerts.Values.Select(a => (AlertKind.Of(a.Key), AlertKind.SubjectOf(a.Key).Split(' ', ','), a.Text))
                .Where(a => a.Item1 is not { IsTrouble: false }),
        ];
    }

    /// <summary>What is wrong with the gateway as a whole.</summary>
    public ImmutableArray<string> OfGateway()
    {
        var texts = _alerts
            .Where(a =>
                a.Kind?.Subject is null or AlertSubject.Gateway or AlertSubject.Counter or AlertSubject.Revision or AlertSubject.Certificate
            )
            .Select(a => a.Text);
        if (_state.Stuck is { Status: ChangeStatus.Accepted { Stuck: { } why } } stuck)
            texts = texts.Append($"#{stuck.Number} is stuck: {why}");
        if (_health?.Error is { } error && !_alerts.Any(a => a.Kind?.Source == AlertSource.Reaching))
            texts = texts.Append($"{_state.Name} does not answer: {error}");
        return [.. texts];
    }

    /// <summary>What is wrong with an exposure, or null.</summary>
    public string? Of(Exposure exposure, IEnumerable<Engine> engines) =>
        First(exposure.Endpoint.ToString(), AlertSubject.Endpoints, AlertSubject.Backend)
        ?? engines.Select(ServiceOf).Select(s => First(s, AlertSubject.Service)).FirstOrDefault(t => t is not null);

    /// <summary>What is wrong with a VM, or null.</summary>
    public string? Of(Name<Vm> vm) =>
        _alerts
            .FirstOrDefault(a =>
                a.Kind?.Subject == AlertSubject.Backend && a.Subjects.Any(s => s.StartsWith($"{vm}:", StringComparison.Ordinal))
            )
            .Text;

    /// <summary>What is wrong with a peer, or null.</summary>
    public string? Of(Name<Peer> peer) => First(peer.ToString(), AlertSubject.Peer) ?? First("wireguard", AlertSubject.Service);

    private string? First(string name, params ReadOnlySpan<AlertSubject> kinds)
    {
        foreach (var alert in _alerts)
        {
            if (alert.Kind is { } kind && kinds.Contains(kind.Subject) && alert.Subjects.Contains(name))
                return alert.Text;
        }

        return null;
    }

    private static string ServiceOf(Engine engine) =>
        engine switch
        {
            Engine.Http or Engine.Passthrough => "nginx",
            Engine.Relay => "haproxy",
            _ => engine.ToString().ToLowerInvariant(),
        };
}
