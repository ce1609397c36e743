using System.Globalization;
using System.Net;
using System.Text;
using ChatOps.Gateway.Looking;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Loading;

/// <summary>WireGuard. Peers come and go without ending anyone's session; what is in [Interface] restarts the tunnel.</summary>
internal static class Tunnel
{
    private const string File = "wg0.conf";
    private const string Device = "wg0";
    private const string Unit = "wg-quick@wg0.service";

    public static void Load(Change change)
    {
        var isUp = Network.HasInterface(Device);
        if (!change.New.Has(File))
        {
            if (isUp && change.Has(File))
                change.FailIf(Stop(change), File);
        }
        else if (!isUp)
        {
            change.FailIf(Start(change), File);
        }
        else if (change.Has(File))
        {
            change.FailIf(IsSameInterface(change) ? Sync(change) : Stop(change) ?? Start(change), File);
        }
    }

    /// <summary>Why the tunnel cannot be ours, when there is one that another has made.</summary>
    public static string? Foreign(Change change)
    {
        if (change.Old.Has(File) || !Network.HasInterface(Device))
            return null;
        var key = Command.Run("wg", "show", Device, "public-key").Output.Trim();
        return key == Files.Line(Places.PublicKey)
            ? null
            : $"there is an interface {Device} already that is not ours{(key.Length > 0 ? $" (its public key is {key})" : "")}; "
                + $"give it another name, or take it away with its peers: ip link delete {Device}";
    }

    private static string? Start(Change change)
    {
        if (change.Systemd.Restart(Unit) is not { } text)
            return null;
        return Command.Run("journalctl", "-q", "-o", "cat", "-n", "12", "-u", Unit).Output.TrimEnd() is { Length: > 0 } said ? said : text;
    }

    // Also when somebody has brought it up by hand; and wg-quick reads a file that is gone or other by now, so not by it.
    private static string? Stop(Change change)
    {
        if (change.Systemd.Stop(Unit) is not null)
            change.Systemd.ResetFailed(Unit);
        if (!Network.HasInterface(Device))
            return null;
        var deleted = Command.Run("ip", "link", "delete", Device);
        return deleted.IsOk ? null : deleted.Said;
    }

    // What wg-quick itself does (addresses, default routes) needs it again.
    private static bool IsSameInterface(Change change)
    {
        if (!change.Old.Has(File))
            return false;
        var (before, after) = (change.Old.Lines(File), change.New.Lines(File));
        return Interface(before).SequenceEqual(Interface(after)) && !before.Concat(after).Any(LeadsEverywhere);
    }

    private static IEnumerable<string> Interface(string[] lines) =>
        lines.TakeWhile(l => !l.StartsWith("[Peer]", StringComparison.Ordinal)).Where(l => l.Trim().Length > 0 && l[0] != '#');

    private static bool LeadsEverywhere(string line) =>
        line.StartsWith("AllowedIPs", StringComparison.Ordinal)
        && line.Split('=', 2)[^1]
            .Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)
            .Any(n => n.EndsWith("/0", StringComparison.Ordinal));

    private static string? Sync(Change change)
    {
        const string stripped = $"{Places.Run}/wg0.strip";
        var lines = change.New.Lines(File);
        System.IO.File.WriteAllText(stripped, Stripped(lines));
        var synced = Command.Run("wg", "syncconf", Device, stripped);
        Files.Delete(stripped);
        return synced.IsOk ? SyncRoutes(lines) : synced.Said;
    }

    /// <summary>What "wg" gets of the file: it knows nothing of what "wg-quick" does. And syncconf keeps what a peer no longer says, so
    /// every peer first says that it has neither.</summary>
    internal static string Stripped(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines.Where(l => !IsOfWgQuick(l)))
        {
            text.Append(line).Append('\n');
            if (line.StartsWith("[Peer]", StringComparison.Ordinal))
                text.Append("PersistentKeepalive = off\nPresharedKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
        }

        return text.ToString();
    }

    // syncconf leaves routes alone. On wg0 the kernel makes those of Address; every other one is an AllowedIPs.
    private static string? SyncRoutes(string[] lines)
    {
        var (wanted, there) = (Networks(lines, "AllowedIPs"), Network.Routes(Device));
        there.ExceptWith(Networks(lines, "Address"));
        wanted.ExceptWith(Networks(lines, "Address"));
        string[] moves =
        [
            .. there.Except(wanted).Select(n => $"route del {n} dev {Device}"),
            .. wanted.Except(there).Select(n => $"route replace {n} dev {Device}"),
        ];
        if (moves.Length == 0)
            return null;
        var done = Command.RunWith(string.Join('\n', moves) + "\n", "ip", "-force", "-batch", "-");
        return done.IsOk ? null : done.Said;
    }

    private static HashSet<string> Networks(string[] lines, string word) =>
        [
            .. lines
                .Where(l => l.StartsWith(word, StringComparison.Ordinal))
                .SelectMany(l => l.Split('=', 2)[^1].Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
                .Select(NetworkOf),
        ];

    // Of an address with a length, or without one: that of its network.
    private static string NetworkOf(string text)
    {
        var parts = text.Split('/');
        var bytes = IPAddress.Parse(parts[0]).GetAddressBytes();
        var length = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : bytes.Length * 8;
        for (var bit = length; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return $"{new IPAddress(bytes)}/{length}";
    }

    private static bool IsOfWgQuick(string line) =>
        line.StartsWith("Address", StringComparison.Ordinal)
        || line.StartsWith("MTU", StringComparison.Ordinal)
        || line.StartsWith("Table", StringComparison.Ordinal);
}
