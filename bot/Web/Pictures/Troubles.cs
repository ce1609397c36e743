using System.Collections.Immutable;
using ChatOps.Core.Changes;
using ChatOps.Core.Gateways;
using ChatOps.Core.Planning;
using ChatOps.Core.Ports;
using ChatOps.Core.Values;

namespace ChatOps.Bot.Web.Pictures;

/// <summary>Which thing of a gateway what is wrong belongs to: the alerts of the log, what was last heard, and what is stuck.</summary>
internal sealed class Troubles
{
    private static readonly string[] OfThings = ["backend", "rate", "overdue", "peer", "service"];

    private readonly GatewayState _state;
    private readonly GatewayHealth? _health;
    private readonly ImmutableArray<(string Kind, string[] Subjects, string Text)> _alerts;

    public Troubles(GatewayState state, GatewayHealth? health)
    {
        (_state, _health) = (state, health);

        // What closes by itself at its time is no trouble; that it is said beforehand is.
        _alerts = [.. state.Alerts.Values.Select(a => (Finding.KindOf(a.Key), Finding.SubjectOf(a.Key).Split(' ', ','), a.Text)).Where(a => a.Item1 != "expiry")];
    }

    /// <summary>What is wrong with the gateway as a whole.</summary>
    public ImmutableArray<string> OfGateway()
    {
        var texts = _alerts.Where(a => !OfThings.Contains(a.Kind)).Select(a => a.Text);
        if (_state.Stuck is { Status: ChangeStatus.Accepted { Stuck: { } why } } stuck)
            texts = texts.Append($"#{stuck.Number} is stuck: {why}");
        if (_health?.Error is { } error && !_alerts.Any(a => a.Kind is "unreachable" or "identity"))
            texts = texts.Append($"{_state.Name} does not answer: {error}");
        return [.. texts];
    }

    /// <summary>What is wrong with an exposure, or null.</summary>
    public string? Of(Exposure exposure, IEnumerable<Engine> engines) =>
        First(["backend", "rate", "overdue"], exposure.Endpoint.ToString()) ?? engines.Select(ServiceOf).Select(s => First(["service"], s)).FirstOrDefault(t => t is not null);

    /// <summary>What is wrong with a VM, or null.</summary>
    public string? Of(Name<Vm> vm) => _alerts.FirstOrDefault(a => a.Kind == "backend" && a.Subjects.Any(s => s.StartsWith($"{vm}:", StringComparison.Ordinal))).Text;

    /// <summary>What is wrong with a peer, or null.</summary>
    public string? Of(Name<Peer> peer) => First(["peer"], peer.ToString()) ?? First(["service"], "wireguard");

    private string? First(string[] kinds, string subject) => _alerts.FirstOrDefault(a => kinds.Contains(a.Kind) && a.Subjects.Contains(subject)).Text;

    private static string ServiceOf(Engine engine) => engine == Engine.Http ? "nginx" : engine.ToString().ToLowerInvariant();
}
