using System.Collections.Immutable;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Core.Domain.Changes;

/// <summary>An edge in the form in which it is put away as JSON.</summary>
/// <param name="Vms">The VMs behind it.</param>
public sealed record EdgeForm(
    Gateway? Gateway,
    ImmutableArray<Vm> Vms,
    ImmutableArray<Peer> Peers,
    ImmutableArray<ExposureForm> Exposures,
    ImmutableArray<Rule> Rules
)
{
    /// <summary>The form of an edge.</summary>
    public static EdgeForm Of(Edge edge) =>
        new(
            edge.Gateway,
            [.. edge.Vms.Values],
            [.. edge.Peers.Values],
            [
                .. edge.Exposures.Values.Select(x => new ExposureForm(
                    x.Endpoint,
                    x.Targets,
                    x.Change,
                    x.Options == ExposureOptions.None ? null : x.Options
                )),
            ],
            [.. edge.Rules.Values]
        );

    /// <summary>The edge again.</summary>
    public Edge Back() =>
        new(
            Gateway,
            Vms.ToImmutableSortedDictionary(v => v.Name, v => v),
            Peers.ToImmutableSortedDictionary(p => p.Name, p => p),
            Exposures.ToImmutableSortedDictionary(
                x => x.Endpoint,
                x => new Exposure(x.Endpoint, x.Targets, x.Change, x.Options ?? ExposureOptions.None)
            ),
            Rules.ToImmutableSortedDictionary(r => r.Key, r => r, StringComparer.Ordinal)
        );
}

/// <summary>What is open at one endpoint.</summary>
/// <param name="Change">The change that opened it.</param>
/// <param name="Options">How it differs from a plain one; null when it does not.</param>
public sealed record ExposureForm(PublicEndpoint Endpoint, ImmutableArray<VmEndpoint> Targets, int Change, ExposureOptions? Options);
