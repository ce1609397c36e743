using ChatOps.Core.Domain.Values;
using Scriban.Runtime;

namespace ChatOps.Rendering;

/// <summary>What NAT64 is made of on every gateway. VMs route the prefix to the gateway, so it is the same everywhere.</summary>
internal static class Nat64
{
    /// <summary>IPv4 addresses as IPv6 ones, RFC 6052. Not 64:ff9b::/96, which may not stand for private addresses (section 3.1).</summary>
    public static string Prefix { get; } = AddressKind.OfNat64[0].ToString();

    /// <summary>An IPv4 address for each IPv6 one that comes, inside the gateway only; what leaves it is masqueraded.</summary>
    public static string Pool { get; } = AddressKind.OfNat64[1].ToString();

    // tayga's own address in the pool.
    private const string Router = "192.168.255.1";

    // Who may ask for names at all: Mycelium, unique local and global addresses. The firewall lets only those in who may go out.
    private static readonly string[] Askers = ["400::/7", "fc00::/7", "2000::/3"];

    public static ScriptObject Of() =>
        new()
        {
            ["prefix"] = Prefix,
            ["pool"] = Pool,
            ["address"] = Router,
        };

    /// <summary>What unbound gets, for DNS64 at the gateway's overlay address. It asks the gateway's own resolvers.</summary>
    public static ScriptObject NamesOf(Address overlay) =>
        new()
        {
            ["listens"] = new ScriptArray { overlay.ToString() },
            ["clients"] = new ScriptArray(Askers),
            ["prefix"] = Prefix,
            ["resolvers"] = new ScriptArray(),
        };
}
