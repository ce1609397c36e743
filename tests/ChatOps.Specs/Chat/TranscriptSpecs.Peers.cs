using ChatOps.Core.Domain.Values;

namespace ChatOps.Specs.Chat;

public sealed partial class TranscriptSpecs
{
    [Fact]
    public Task Peers()
    {
        _gateway.WireGuardKey = Text.Parse<WireGuardKey>("5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=");
        return MatchAsync(
            "peers.txt",
            1,
            """
            operator: peer add laptop because "for the road"
            operator: peer add laptop
            operator: peer add phone
            approver: approve 1
            viewer: peers
            operator: peer rotate laptop
            approver: approve 3
            operator: peer rotate tablet
            operator: peer remove laptop
            approver: approve 4
            viewer: peer add spy
            operator: peer add vm1 4zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= 10.1.0.2 psk
            approver: approve 5
            operator: peers
            operator: plan peer rotate vm1 4zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=
            operator: peer rotate vm1 3zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= psk
            approver: approve 6
            operator: undo 6
            viewer: show 7
            """
        );
    }

    [Fact]
    public Task A_peer_gets_no_key_from_a_gateway_that_has_said_none() =>
        MatchAsync(
            "peer-without-gateway-key.txt",
            1,
            """
            operator: peer add laptop
            operator: peer add laptop routes 192.168.77.0/24 psk
            operator: peer add vm1 4zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= 10.1.0.2 psk
            pending
            """
        );

    [Fact]
    public Task Both_families_in_the_tunnel()
    {
        _gateway.WireGuardKey = Text.Parse<WireGuardKey>("5zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s=");
        return MatchAsync(
            "tunnel6.txt",
            1,
            """
            admin: gateway change gw1 wireguard6 fd77:1::/64
            approver: approve 1
            gateways
            operator: vm add vm1 10.1.0.2,fd77:1::2
            operator: peer add vm1 4zpVn1D2vgl+TFxFHbdC5fFqWlWaSjWsWdEHJnY3l2s= 10.1.0.2
            approver: approve 3
            approver: approve 2
            operator: expose vm1:8080 on 80
            operator: peer add laptop
            peers
            viewer: peers
            gateway change gw1 wireguard6 fd78:1::/64
            operator: vm add vm9 fd77:1::1:5
            """
        );
    }
}
