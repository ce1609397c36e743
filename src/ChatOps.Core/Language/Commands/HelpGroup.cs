using System.Collections.Immutable;

namespace ChatOps.Core.Language.Commands;

/// <summary>An example in the overview, and what it does.</summary>
/// <param name="Example">A line that parses.</param>
/// <param name="Does">What it does, in a few words.</param>
public sealed record HelpLine(string Example, string Does);

/// <summary>Commands that belong together, as the overview shows them: some examples, and the names of the others.</summary>
/// <param name="Title">What they are for.</param>
public sealed record HelpGroup(string Title, ImmutableArray<HelpLine> Lines)
{
    /// <summary>The overview: it fits on a screen, and names what it does not show.</summary>
    public static ImmutableArray<HelpGroup> All { get; } =
    [
        new(
            "open and close",
            [
                new("expose vm2:8080 on 80", "open public port 80, which leads to port 8080 of vm2"),
                new("expose vm2:22 on 2222 for 2h", "for a time; longer: extend"),
                new("unexpose 80", "close it, and cut what runs through it"),
            ]
        ),
        new(
            "decide",
            [
                new("approve 12", "consent; or: deny, withdraw, break-glass"),
                new("pending", "what waits for approval; one of them: show 12"),
                new("plan expose vm2:8080 on 80", "what would change, and change nothing"),
            ]
        ),
        new("go back", [new("undo 12", "the opposite of one change; or: rollback, diff, repair, retry")]),
        new(
            "look",
            [
                new("list", "what is open, for whom, until when, and why"),
                new("status", "how the gateways are; more: stats, drift, adopt"),
                new("audit 80 since 7d", "who did what; or: history, who, why, when, what, at, export, forget"),
            ]
        ),
        new("keep out, let out", [new("block 203.0.113.66", "or: allow, limit, remove; addresses: map, snat; all: rules")]),
        new("machines", [new("vm add vm2 400::100:0:0:2", "VMs: help vm, vms; WireGuard: help peer, peers; help gateway, gateways")]),
    ];
}
