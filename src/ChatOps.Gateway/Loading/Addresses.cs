using System.Net;
using ChatOps.Gateway.Looking;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Loading;

/// <summary>
/// Further public addresses. Those that this program has added are in /run/chatops/addresses, a line ADDRESS INTERFACE: both are gone after
/// a reboot. Those that somebody else has set are never in there, and so are never taken away.
/// </summary>
internal static class Addresses
{
    private const string File = "addresses";

    public static void Load(Change change)
    {
        if (!change.Has(File) && !change.IsBoot)
            return;
        var wanted = Wanted(change.New).ToList();
        foreach (var (address, device) in Files.Lines(Places.AddedAddresses).Select(Words))
        {
            if (wanted.Any(w => w.Address == address && (w.Device.Length == 0 || w.Device == device)))
                continue;
            var deleted = Command.Run("ip", "addr", "del", WithLength(address), "dev", device);
            if (!deleted.IsOk && IsPresent(address))
                change.Fail(File, $"{address}: {deleted.Said}");
            else
                Note(address, null);
        }

        foreach (var (address, given) in wanted.Where(w => !IsPresent(w.Address)))
        {
            if (InterfaceOf(address, given, change.IsBoot, out var text) is not { } device)
            {
                change.Fail(File, text);
                continue;
            }

            // Written down first: should we be killed here, nobody takes it for somebody else's.
            Note(address, device);
            // Usable at once, and never chosen as the source of this machine's own connections.
            var added = IsSix(address)
                ? Command.Run("ip", "addr", "add", WithLength(address), "dev", device, "nodad", "preferred_lft", "0")
                : Command.Run("ip", "addr", "add", WithLength(address), "dev", device);
            if (added.IsOk)
                continue;
            Note(address, null);
            change.Fail(File, $"{address}: {added.Said}");
        }
    }

    /// <summary>Those of a revision that this machine has not.</summary>
    public static IEnumerable<string> Missing(RevisionFolder folder) => Wanted(folder).Select(w => w.Address).Where(a => !IsPresent(a));

    private static IEnumerable<(string Address, string Device)> Wanted(RevisionFolder folder) =>
        folder.Lines(File).Where(l => l.Trim() is { Length: > 0 } text && text[0] != '#').Select(Words);

    private static (string Address, string Device) Words(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var address, .. var rest]
            ? (address, rest.FirstOrDefault() ?? "")
            : ("", "");

    private static void Note(string address, string? device)
    {
        var lines = Files.Lines(Places.AddedAddresses).Where(l => Words(l).Address != address);
        Files.Put(
            Places.AddedAddresses,
            string.Concat((device is null ? lines : lines.Append($"{address} {device}")).Select(l => $"{l}\n"))
        );
    }

    private static bool IsSix(string address) => address.Contains(':');

    private static string WithLength(string address) => IsSix(address) ? $"{address}/128" : $"{address}/32";

    private static bool IsPresent(string address) => Network.All().Contains(IPAddress.Parse(address));

    // The one that is said. Else where the machine would send packets for it: there its neighbours are, be it on the link or by the default
    // route. Without a route, the only interface that has a public address. At boot the network may still be on its way.
    private static string? InterfaceOf(string address, string given, bool isBoot, out string text)
    {
        var family = IsSix(address) ? "-6" : "-4";
        for (var tries = 0; ; tries++)
        {
            if (given.Length > 0)
            {
                text = $"there is no interface {given} on this gateway";
                if (Network.HasInterface(given))
                    return given;
            }
            else
            {
                text =
                    $"no interface for {address}: the gateway has neither a route to it nor exactly one interface with a public IPv{family[1..]} address";
                switch (Routed(family, address) ?? OnlyPublic(family))
                {
                    case null or "lo":
                        break;
                    case var device when device is "wg0" or "nat64":
                        text = $"{address} is in a network behind {device}, not on the public side";
                        return null;
                    case var device:
                        return device;
                }
            }

            if (!isBoot || tries >= 40)
                return null;
            Thread.Sleep(250);
        }
    }

    private static string? Routed(string family, string address)
    {
        var words = Command.Run("ip", family, "-o", "route", "get", address).Output.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var at = Array.IndexOf(words, "dev");
        return at >= 0 && at + 1 < words.Length ? words[at + 1] : null;
    }

    private static string? OnlyPublic(string family)
    {
        var devices = Command
            .Run("ip", family, "-o", "addr", "show", "scope", "global")
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f.Length > 3 && IPAddress.TryParse(f[3].Split('/')[0], out var address) && IsPublic(address))
            .Select(f => f[1])
            .Distinct()
            .ToList();
        return devices.Count == 1 ? devices[0] : null;
    }

    private static bool IsPublic(IPAddress address) =>
        address.GetAddressBytes() switch
        {
            [10 or 127, _, _, _] or [169, 254, _, _] or [192, 168, _, _] or [172, >= 16 and <= 31, _, _] or [100, >= 64 and <= 127, _, _] =>
                false,
            { Length: 4 } => true,
            [>= 0x20 and <= 0x3f, ..] => true,
            _ => false,
        };
}
