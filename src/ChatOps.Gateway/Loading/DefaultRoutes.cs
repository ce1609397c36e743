using System.Text.RegularExpressions;
using ChatOps.Gateway.Looking;
using ChatOps.Gateway.Running;

namespace ChatOps.Gateway.Loading;

/// <summary>
/// The ways out of this machine, which are not ours and may go with what is: a machine that passes packets on forgets the IPv6 route that a
/// router has advertised, and no later advertisement brings it back. They are looked at before and after whatever could touch them.
/// </summary>
internal sealed partial class DefaultRoutes
{
    private const string Settings = "/proc/sys/net/ipv6/conf";

    // Not the machine's own way to the world.
    private static readonly string[] Apart = ["all", "default", "lo", "wg0", "nat64"];

    private readonly Dictionary<int, IReadOnlyList<string>> _before = [];

    private DefaultRoutes() { }

    public static DefaultRoutes Now()
    {
        var routes = new DefaultRoutes();
        foreach (var family in (int[])[4, 6])
            routes._before[family] = Of(family);
        return routes;
    }

    /// <summary>
    /// Every interface that takes advertised routes takes them also while this machine passes packets on. The setting for all interfaces
    /// does nothing for those that exist, and it must be so before forwarding is switched on. Who has a daemon for it (networkd,
    /// NetworkManager) has it switched off, and it stays off.
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

    /// <summary>A way out that was there and is not any more: on the way there that is an end, on the way back it is put back.</summary>
    public void Check(Change change)
    {
        foreach (var (family, before) in _before.Where(r => r.Value.Count > 0))
        {
            var lost = Lost(before, Of(family));
            if (lost.Count == 0)
                continue;
            if (!change.KeepsGoing)
                change.Fail("sysctl.conf", $"this gateway would have lost its IPv{family} default route ({lost[0]})");
            // It says "expires 1798sec" and wants "expires 1798".
            foreach (var route in lost.Select(l => Expiry().Replace(l.Replace("\\", " ", StringComparison.Ordinal), "$1")))
            {
                // "replace" would take the place of another one with the same metric.
                string[] words = [$"-{family}", "route", "append", .. route.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
                if (Command.Run("ip", words) is { IsOk: false } failed)
                    change.Fail("sysctl.conf", $"the IPv{family} default route is lost ({route}): {failed.Said}");
            }
        }
    }

    /// <summary>Of lines of "ip -o route show default" those of which no later one leads by the same router and interface. What leads into
    /// our own tunnels is ours to take.</summary>
    public static IReadOnlyList<string> Lost(IEnumerable<string> before, IEnumerable<string> after)
    {
        var there = after.Select(WayOf).ToHashSet();
        return
        [
            .. before
                .Select(l => l.Trim())
                .Where(l => !Apart.Any(a => l.Contains($" dev {a} ", StringComparison.Ordinal)) && !there.Contains(WayOf(l))),
        ];
    }

    private static string[] Of(int family) =>
        Network.DefaultDevices(family).Count == 0
            ? []
            : Command.Run("ip", $"-{family}", "-o", "route", "show", "default").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    // Through which routers, by which interfaces.
    private static string WayOf(string line) => string.Join(' ', Way().Matches(line).Select(m => m.Value));

    [GeneratedRegex(@"(?<= )(via(?: inet6)?|dev) \S+")]
    private static partial Regex Way();

    [GeneratedRegex(@"(expires \d+)sec")]
    private static partial Regex Expiry();
}
