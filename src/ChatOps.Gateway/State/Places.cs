using System.Globalization;

namespace ChatOps.Gateway.State;

/// <summary>Where things are on a gateway; infra/gateway/README.md says what each is.</summary>
internal static class Places
{
    public const string State = "/var/lib/chatops";
    public const string Run = "/run/chatops";
    public const string ProxySockets = "/run/chatops-haproxy";
    public const string ProxySocket = $"{ProxySockets}/haproxy.sock";
    public const string NginxSockets = "/run/chatops/nginx";
    public const string Revisions = $"{State}/revisions";
    public const string Key = "/etc/wireguard/wg0.key";
    public const string PublicKey = $"{State}/wireguard.pub";
    public const string Certificates = "/etc/chatops/tls";
    public const string DatabaseUsers = "/etc/chatops/pgbouncer/users.txt";
    public const string MayClose = "/etc/chatops/closes";
    public const string Program = "/usr/local/sbin/chatops-gateway";
    public const string Unfinished = $"{Run}/unfinished";
    public const string Timer = $"{Run}/timer";
    public const string Ended = $"{State}/ended";
    public const string EndedLoaded = $"{Run}/ended.loaded";
    public const string EndedWeb = $"{Run}/ended";
    public const string AddedAddresses = $"{Run}/addresses";
    public const string SysctlBefore = $"{State}/sysctl.before";
    public const string LastRevert = $"{State}/last-revert";
    public const string Reserve = $"{State}/reserve";

    public const string UdpRelay = "udprelay.conf";

    /// <summary>The files of the daemons besides nginx and HAProxy: dnsmasq.conf is read by chatops-dnsmasq, and so on.</summary>
    public static readonly string[] Daemons = [UdpRelay, "dnsmasq.conf", "pgbouncer.ini", "kamailio.cfg", "unbound.conf", "tayga.conf"];

    /// <summary>What a revision may consist of besides the two lists, in the order in which it is loaded.</summary>
    public static readonly string[] Configs =
    [
        "sysctl.conf",
        "addresses",
        "rules",
        "lifetimes",
        "secrets",
        "wg0.conf",
        "nginx.conf",
        "relay4.map",
        "haproxy.cfg",
        .. Daemons,
        "nftables.nft",
    ];

    public static readonly string[] Lists = ["exposures", "listeners"];

    public static string FileOf(string proxy) => proxy == "nginx" ? "nginx.conf" : "haproxy.cfg";

    /// <summary>Whether a revision may have a file of this name.</summary>
    public static bool IsOurs(string name) => Configs.Contains(name) || Lists.Contains(name);

    /// <summary>A whole number of at most 15 digits, without signs or leading zeros; null when it is something else.</summary>
    public static long? Number(string? text) =>
        text is { Length: > 0 and <= 15 } && text.All(char.IsAsciiDigit) && (text.Length == 1 || text[0] != '0')
            ? long.Parse(text, CultureInfo.InvariantCulture)
            : null;

    public static long Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds();
}
