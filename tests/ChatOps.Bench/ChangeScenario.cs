using System.Globalization;

namespace ChatOps.Bench;

/// <summary>What is in place when changes are measured, and how often.</summary>
/// <param name="Exposures">How many are open before.</param>
/// <param name="Vm">
/// Where they lead: vm1 has an IPv4 address in WireGuard (nftables carries IPv4 clients, nginx IPv6 clients), vm2 only an IPv6 one (nginx
/// carries IPv4 clients, nftables IPv6 clients), and "both" has one of each, so that nftables carries all.
/// </param>
/// <param name="BothFamilies">False: the gateway has no public IPv6 address, so that vm1 needs no nginx.</param>
/// <param name="Target">The median that is wanted, in milliseconds.</param>
/// <param name="Repeats">How many changes.</param>
/// <param name="AnsibleRuns">How many changes by Ansible in between; 0 for none.</param>
internal sealed record ChangeScenario(int Exposures, string Vm, bool BothFamilies, double Target, int Repeats, int AnsibleRuns)
{
    /// <summary>True when there are enough to show what grows with their number: what travels, a full load, looking ports up.</summary>
    public bool IsLarge => Exposures >= 10_000;

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"1 change among {Exposures:N0} exposures of {Vm}{(BothFamilies ? "" : ", IPv4 only")}"
        );
}
