using System.Globalization;
using System.Text.RegularExpressions;
using ChatOps.Gateway.Loading;
using ChatOps.Gateway.Looking;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Receiving;

/// <summary>
/// The first firewall of ours on a machine that is something else too: it closes what answers on the network now, and stops what others
/// forward. Where <c>first-boot</c> has made the gateway its firewall is there already, and this has nothing to say.
/// </summary>
internal static partial class Newcomer
{
    private const int MaxCount = 10;

    // Of the link or for leases: mDNS, LLMNR, DHCP, DHCPv6; and Mycelium, which our firewall lets in.
    private static readonly int[] Harmless = [5353, 5355, 68, 546, 9651];

    /// <summary>Why not, as long as nobody on the machine has agreed.</summary>
    public static string? Closes(Change change)
    {
        if (change.Old.Has("nftables.nft") || File.Exists(Places.MayClose))
            return null;
        var open = Ssh().Match(change.New.Text("nftables.nft")).Groups[1].Value;
        var services = Services(open).Distinct().ToList();
        var chains = Others.Look().Forwarding.ToList();
        if (services.Count == 0 && chains.Count == 0)
            return null;
        string[] lost =
        [
            .. services.Count == 0 ? Array.Empty<string>() : [$"it closes {Listed(services)}"],
            .. chains.Count == 0 ? Array.Empty<string>() : [$"it stops what others pass on ({Listed(chains)})"],
        ];
        return $"this would be the first firewall of ours on this machine, and {string.Join("; ", lost)}. Stop what is not needed; or agree, as root on the gateway: touch {Places.MayClose}";
    }

    private static IEnumerable<string> Services(string sshPort)
    {
        foreach (var line in Command.Run("ss", "-Hlntup").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var field = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (field.Length < 5 || field[4].LastIndexOf(':') is not (> 0 and var colon))
                continue;
            var (address, port) = (field[4][..colon], field[4][(colon + 1)..]);
            if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || Harmless.Contains(number))
                continue;
            // What a client of UDP has for itself is above 32767.
            if (
                address.StartsWith("127.", StringComparison.Ordinal)
                || address is "[::1]"
                || address.StartsWith("[fe80", StringComparison.Ordinal)
                || (field[0] == "tcp" && port == sshPort)
                || (field[0] == "udp" && number > 32767)
            )
                continue;
            var program = Program().Match(line);
            if (program.Success && program.Groups[1].Value != "mycelium")
                yield return $"{field[0]} {number} ({program.Groups[1].Value}, pid {program.Groups[2].Value})";
        }
    }

    private static string Listed(List<string> things) =>
        string.Join(", ", things.Take(MaxCount)) + (things.Count > MaxCount ? $" and {things.Count - MaxCount} more" : "");

    [GeneratedRegex(@"^    tcp dport (\d+) accept$", RegexOptions.Multiline)]
    private static partial Regex Ssh();

    [GeneratedRegex(@"users:\(\(""([^""]+)"",pid=(\d+)")]
    private static partial Regex Program();
}
