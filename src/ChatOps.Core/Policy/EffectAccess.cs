using ChatOps.Core.Gateways;
using ChatOps.Core.Values;

namespace ChatOps.Core.Policy;

/// <summary>
/// Which command would ask for an effect by its own name: policy holds an effect as strictly as that command, whichever way it comes about.
/// </summary>
internal static class EffectAccess
{
    /// <summary>The names of commands with the public ports that they would be about; null where there is none.</summary>
    public static IEnumerable<(string Command, PublicPort? Port)> Of(Effect effect) =>
        effect switch
        {
            ExposureOpened e => On("expose", e.Endpoint),
            ExposureClosed e => On("unexpose", e.Endpoint),

            // Keeping it open is opening it once more.
            ExposureExtended e => [.. On("extend", e.Endpoint), .. On("expose", e.Endpoint)],
            RuleAdded { Rule: var rule } => [(NameOf(rule), rule.OnPort)],
            RuleRemoved { Rule: var rule } => [("remove", rule.OnPort)],
            VmAdded => [("vm add", null)],
            VmRemoved => [("vm remove", null)],
            VmRenamed => [("vm rename", null)],
            PeerAdded => [("peer add", null)],
            PeerRekeyed => [("peer rotate", null)],
            PeerRenamed => [("peer rename", null)],
            PeerRemoved => [("peer remove", null)],
            GatewayAdded => [("gateway add", null)],
            GatewayChanged => [("gateway change", null)],
            GatewayRemoved => [("gateway remove", null)],
            EdgeRepaired => [("repair", null)],
            _ => throw new InvalidOperationException($"no access for {effect.GetType().Name}"),
        };

    /// <summary>The public ports of an endpoint: its own, or the web's.</summary>
    public static IEnumerable<PublicPort> PortsOf(PublicEndpoint endpoint) => endpoint.Port is { } port ? [port] : [WebPorts.Http, WebPorts.Https];

    private static IEnumerable<(string, PublicPort?)> On(string command, PublicEndpoint endpoint) => PortsOf(endpoint).Select(p => (command, (PublicPort?)p));

    private static string NameOf(Rule rule) => rule.Key[..rule.Key.IndexOf(' ')];
}
