using System.Collections.Immutable;
using ChatOps.Bot.Replies;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Planning;

namespace ChatOps.Bot.Web.Pictures;

/// <summary>What is open on a gateway: all of it, a row each. Who looks filters, sorts and groups it.</summary>
/// <param name="isListed">True when who opened a port and why is told, as <c>list</c> tells it.</param>
internal sealed class OpenPorts(GatewayState state, Troubles troubles, bool isListed)
{
    public ImmutableArray<PortPicture> All => [.. state.Running.Exposures.Values.Select(Of)];

    private PortPicture Of(Exposure exposure)
    {
        var options = exposure.Options;
        ImmutableArray<Engine> engines = [.. EngineChoice.RoutesOf(exposure, state.Running).Select(r => r.Route.Engine).Distinct()];
        var opener = isListed ? state.Changes.GetValueOrDefault(exposure.Change) : null;
        string?[] details =
        [
            options.Passthrough ? "TLS passed through" : null,
            options.Grpc ? "gRPC" : null,
            options.H2c ? "h2c" : null,
            options.SendsProxy ? $"PROXY protocol{(options.ProxyVersion is { } version ? $" v{version}" : "")}" : null,
            options.As is { } service ? service.ToString().ToLowerInvariant() : null,
        ];
        return new(
            exposure.Endpoint.ToString(),
            exposure.Endpoint.Spoken,
            exposure.TargetText,
            [.. exposure.Targets.Select(t => t.Vm.ToString()).Distinct()],
            NamesOf(engines),
            options.Certificate?.ToString(),
            string.Join(", ", details.OfType<string>()) is { Length: > 0 } detail ? detail : null,
            options.From?.ToString(),
            options.Until,
            opener is null ? null : ChangeCard.KeyOf(state.Name, opener.Number),
            opener?.By.Name,
            opener is null ? null : state.OpenedAt(exposure),
            opener?.Reason,
            troubles.Of(exposure, engines)
        );
    }

    private static ImmutableArray<string> NamesOf(ImmutableArray<Engine> engines) =>
        [.. EngineNames.All.Where(e => engines.Contains(e.Engine)).Select(e => e.Name)];
}
