using ChatOps.Core.Gateways;
using ChatOps.Core.Log;
using ChatOps.Core.Values;

namespace ChatOps.Core.Policy;

/// <summary>Which command would ask for an effect by its own name, as the rows of <see cref="EventTypes"/> say it.</summary>
internal static class EffectAccess
{
    /// <summary>A command that is about no port.</summary>
    public static IEnumerable<(string Command, PublicPort? Port)> Of(string command) => [(command, null)];

    /// <summary>A command about the ports of an endpoint.</summary>
    public static IEnumerable<(string Command, PublicPort? Port)> On(string command, PublicEndpoint endpoint) => PortsOf(endpoint).Select(p => (command, (PublicPort?)p));

    /// <summary>The command that makes a rule.</summary>
    public static string NameOf(Rule rule) => rule.Key[..rule.Key.IndexOf(' ')];

    /// <summary>The public ports of an endpoint: its own, or the web's.</summary>
    public static IEnumerable<PublicPort> PortsOf(PublicEndpoint endpoint) => endpoint.Port is { } port ? [port] : [WebPorts.Http, WebPorts.Https];
}
