namespace ChatOps.Rendering;

/// <summary>What NAT64 is made of on every gateway. VMs route the prefix to the gateway, so it is the same everywhere.</summary>
internal static class Nat64
{
    /// <summary>IPv4 addresses as IPv6 ones, RFC 6052. Not 64:ff9b::/96, which may not stand for private addresses (section 3.1).</summary>
    public const string Prefix = "fd64:0:0:64::/96";

    /// <summary>
    /// Where VMs ask for names, the same on every gateway: it stands for 0.0.0.1, which is nobody's. The gateway answers there itself; what
    /// VMs ask at its overlay address is led there.
    /// </summary>
    public const string Resolver = "fd64:0:0:64::1";

    /// <summary>tayga's own IPv4 address.</summary>
    public const string Router = "192.168.255.1";

    /// <summary>An IPv4 address for each IPv6 one that comes, inside the gateway only; what leaves it is masqueraded.</summary>
    public const string Pool = "192.168.255.0/24";

    /// <summary>Who may ask for names at all: Mycelium, unique local and global addresses. The firewall lets only those in who may go out.</summary>
    public static readonly string[] Askers = ["400::/7", "fc00::/7", "2000::/3"];
}
