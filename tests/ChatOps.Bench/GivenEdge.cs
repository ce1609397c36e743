using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;

namespace ChatOps.Bench;

/// <summary>Edges with many exposures: of vm1 (IPv4, over WireGuard), of vm2 (IPv6 only), or of both; three in four are TCP.</summary>
internal static class GivenEdge
{
    /// <summary>The first public port; below it there is room for what a benchmark opens itself.</summary>
    public const int FirstPort = 20_000;

    public static Name<Gateway> GatewayName { get; } = Text.Parse<Name<Gateway>>("gw1");

    /// <summary>What a gateway and its VMs are, and so many exposures of these VMs in turn.</summary>
    public static IEnumerable<Effect> Effects(Gateway gateway, int exposures, params string[] vms) =>
        [
            new GatewayAdded(0, gateway),
            new VmAdded(0, Text.Parse<Name<Vm>>("vm1"), [Text.Parse<Address>("10.1.0.2")]),
            new VmAdded(0, Text.Parse<Name<Vm>>("vm2"), [Text.Parse<Address>("400::100:0:0:2")]),
            // Both of them in one: what a VM with addresses of both families looks like from the gateway.
            new VmAdded(0, Text.Parse<Name<Vm>>("both"), [Text.Parse<Address>("10.1.0.2"), Text.Parse<Address>("400::100:0:0:2")]),
            .. Enumerable.Range(0, exposures).Select(i => Opened(i, vms[i % vms.Length])),
        ];

    /// <summary>A gateway with both families, and exposures of both VMs.</summary>
    public static Edge Mixed(int exposures)
    {
        var gateway = Gateway.WithDefaults(GatewayName, [Text.Parse<Address>("203.0.113.10"), Text.Parse<Address>("2001:db8::10")], null);
        return Edge.Empty.With(Effects(gateway, exposures, "vm1", "vm2"));
    }

    private static ExposureOpened Opened(int index, string vm)
    {
        var isUdp = index % 8 >= 6;
        var port = new PublicPort(isUdp ? Protocol.Udp : Protocol.Tcp, new Port(FirstPort + index));
        return new(0, port, [Text.Parse<VmEndpoint>($"{vm}:{(isUdp ? 5353 : 8080)}")]);
    }
}
