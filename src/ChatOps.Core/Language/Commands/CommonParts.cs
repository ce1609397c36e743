using System.Collections.Immutable;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Core.Language.Words;

namespace ChatOps.Core.Language.Commands;

internal static class CommonParts
{
    public static Access Look { get; } = new(Role.Viewer);
    public static Access Propose { get; } = new(Role.Operator, 1);
    public static Part.Clause At { get; } = new("at", Kinds.Gateway);
    public static Part.Clause For { get; } = new("for", Kinds.For);
    public static Part.Clause Until { get; } = new("until", Kinds.Until, InsteadOf: "for");
    public static Part.Clause Because { get; } = new("because", Kinds.Why);

    public static ImmutableArray<PublicEndpoint> EndpointsOf(Arguments a) =>
        [
            .. a.Get<ImmutableArray<PublicEndpoint>>("endpoints")
                .Select(e => e.Port is { } port && a.Has("udp") ? port with { Protocol = Protocol.Udp } : e),
        ];

    public static ExposureOptions OptionsOf(Arguments a) =>
        new(
            a.FindValue<Networks>("from"),
            null,
            a.FindValue<Name<Certificate>>("tls"),
            a.Has("proxy-protocol"),
            a.FindValue<Service>("as"),
            Passthrough: a.Has("passthrough"),
            Grpc: a.Has("grpc"),
            ProxyVersion: a.Has("proxy-protocol") && a.Get<object>("proxy-protocol") is > 1 and int version ? version : null,
            Ignoring: a.FindValue<StartupParameters>("ignoring"),
            H2c: a.Has("h2c")
        );

    public static Lifetime? StaysOf(Arguments a) => a.Find<Lifetime>("for") ?? a.Find<Lifetime>("until");

    public static Name<Gateway>? AtOf(Arguments a) => a.FindValue<Name<Gateway>>("at");

    public static string? Reason(Arguments a) => a.Find<string>("because");
}
