using ChatOps.Core.Language.Commands;

namespace ChatOps.Core.Decisions.Policy;

/// <summary>What a matter of which command has, so that a rule can ask about it: by the names that the policy file uses.</summary>
public static class Facets
{
    private static readonly string[] OfPorts = ["expose", "unexpose", "extend", "allow", "limit", "remove"];
    private static readonly string[] OfVms =
    [
        "expose",
        "unexpose",
        "extend",
        "allow",
        "map",
        "snat",
        "remove",
        "vm add",
        "vm remove",
        "vm change",
        "vm rename",
    ];
    private static readonly string[] OfNetworks = ["expose", "unexpose", "extend"];
    private static readonly string[] OfTime = ["expose", "extend"];

    /// <summary>Names of all facets, as the policy file has them.</summary>
    public static IEnumerable<string> All => ["ports", "protocol", "vm", "gateway", "from", "lifetime"];

    /// <summary>True when a matter of a command may have it.</summary>
    public static bool Has(string command, string facet) =>
        facet switch
        {
            "ports" or "protocol" => OfPorts.Contains(command),
            "vm" => OfVms.Contains(command),
            "from" => OfNetworks.Contains(command),
            "lifetime" => OfTime.Contains(command),
            "gateway" => Catalogue.Named(command).Proposes,
            _ => throw new ArgumentOutOfRangeException(nameof(facet), facet, "no such facet"),
        };
}
