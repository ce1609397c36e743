namespace ChatOps.Specs.Chat;

public sealed partial class TranscriptSpecs
{
    [Fact]
    public Task As_people_say_it() =>
        MatchAsync(
            "as-people-say-it.txt",
            1,
            """
            operator: please add vm vm2 at 400::100:0:0:2
            approver: approve
            operator: open port 80 to vm2
            operator: open port 80 to vm2:8080
            operator: forward 2222 to vm2:22 because "the vendor looks"
            operator: publish vm2:9090 on 80
            approver: approve
            approver: approve all mine to decide
            operator: approve all
            approver: approve 8 9
            approver: approve 2
            approver: approve 3
            approver: deny 4 because taken
            approver: approve
            viewer: what is open?
            viewer: who has port 80?
            operator: close 2222 please
            approver: lgtm
            approver: lgtm 5
            operator: roll back to 1
            #6
            operator: whoami
            viewer: help vm
            viewer: how do I close a port?
            """
        );

    [Fact]
    public Task Two_gateways() =>
        MatchAsync(
            "two-gateways.txt",
            1,
            """
            admin: gateway add gw2 203.0.113.20
            approver: approve
            operator: vm add vm2 400::100:0:0:2 because the launch
            operator: vm add vm2 400::100:0:0:2 at gw1
            operator: vm add vm3 400::100:0:0:3 at gw2
            approver: approve gw1#1
            approver: approve gw2#2
            show 1
            deny 1 because "no"
            plan undo 1
            gw2#1
            operator: expose vm3:8080 on 80
            approver: approve
            operator: undo gw2#7
            operator: unexpose 80
            operator: unexpose 81,82
            pending
            """
        );
}
