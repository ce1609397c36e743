using System.Text.RegularExpressions;
using ChatOps.Gateway.Looking;
using ChatOps.Gateway.Running;

namespace ChatOps.Gateway.Loading;

/// <summary>
/// The ways out of this machine, which are not ours and may go with what is: a machine that passes packets on forgets the IPv6 route that a router has
/// advertised, and no later advertisement brings it back. They are looked at before and after whatever could touch them.
/// </summary>
internal sealed partial class DefaultRoutes
{
    private const string Settings = "/proc/sys/net/ipv6/conf";

    // Not the machine's own way to the world.
    private static readonly string[] Apart = ["all", "default", "lo", "wg0", "nat64"];

    private readonly Dictionary<int, string[]> _before = [];

    private DefaultRoutes() { }

    /// <summary>Those that there are now.</summary>
    public static DefaultRoutes Now()
    {
        var routes = new DefaultRoutes();
        foreach (var family in (int[])[4, 6])
            routes._before[family] = Network.DefaultDevices(family).Count == 0 ? [] : Command.Run("ip", $"-{family}", "-o", "route", "show", "default").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return routes;
    }

    /// <summary>
    /// Every interface that takes advertised routes takes them also while this machine passes packets on. The setting for all interfaces does nothing for
    /// those that exist, and it must be so before forwarding is switched on. Who has a daemon for it (networkd, NetworkManager) has it switched off, and
    /// it stays off.
    /// </summary>
    public static void KeepAdvertised()
    {
        if (!Directory.Exists(Settings))
            return;
        foreach (var path in Directory.EnumerateDirectories(Settings).Where(p => !Apart.Contains(Path.GetFileName(p))))
        {
            var setting = $"{path}/accept_ra";
            if (State.Files.Text(setting)?.Trim() != "1")
                continue;
            try
            {
                File.WriteAllText(setting, "2\n");
            }
            catch (IOException e)
            {
                Journal.Say($"cannot have {Path.GetFileName(path)} keep its advertised routes: {e.Message}");
            }
        }
    }

    /// <summary>A family that had a way out and has none any more: on the way there that is an end, on the way back the old ones are put back.</summary>
    public void Check(Change change)
    {
        foreach (var (family, lost) in _before.Where(r => r.Value.Length > 0 && Network.DefaultDevices(r.Key).Count == 0))
        {
            if (!change.KeepsGoing)
                change.Fail("sysctl.conf", $"this gateway would have lost its IPv{family} default route ({lost[0].Trim()})");
            // It says "expires 1798sec" and wants "expires 1798".
            foreach (var route in lost.Select(l => Expiry().Replace(l.Replace("\\", " ", StringComparison.Ordinal), "$1")))
            {
                string[] words = [$"-{family}", "route", "replace", .. route.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
                if (Command.Run("ip", words) is { IsOk: false } failed)
                    change.Fail("sysctl.conf", $"the IPv{family} default route is lost ({route}): {failed.Said}");
            }
        }
    }

    [GeneratedRegex(@"(expires \d+)sec")]
    private static partial Regex Expiry();
}
