using System.Collections.Immutable;

namespace ChatOps.Delivery.Folder;

/// <summary>A file and the program that can tell whether it is right.</summary>
/// <param name="Excuses">
/// Words in its complaint that tell of this machine, not of the file: a privilege, or a folder, module or user that only a gateway has.
/// </param>
internal sealed record Check(string File, string Program, ImmutableArray<string> Arguments, ImmutableArray<string> Excuses);

/// <summary>Which checks a revision's files get: what the gateway's program asks too. Only argument lists; nothing is run here.</summary>
internal static class Checks
{
    private static readonly ImmutableArray<string> _privilege = ["Operation not permitted", "Permission denied", "unshare: "];

    // Not for nft: there "No such file or directory" is the word for a chain or set that the file forgot.
    private static readonly ImmutableArray<string> _nginxsGateway = [.. _privilege, "No such file or directory", "getpwnam(", "getgrnam("];
    private static readonly ImmutableArray<string> _haproxysGateway =
    [
        .. _privilege,
        "No such file or directory",
        "cannot find user id",
        "cannot find group id",
    ];

    private static readonly ImmutableArray<string> _daemonsGateway =
    [
        .. _privilege,
        "No such file or directory",
        "cannot open included file",
    ];

    /// <summary>The checks of those files in <paramref name="folder"/> that have one.</summary>
    public static ImmutableArray<Check> Of(string folder, IEnumerable<string> files) =>
        [.. files.Order(StringComparer.Ordinal).Select(file => Of(file, Path.Combine(folder, file))).OfType<Check>()];

    /// <summary>
    /// The same check in a network namespace of its own, as root there and nobody outside: nft may look at a ruleset and nginx may bind the
    /// ports that it tries, without touching this machine's.
    /// </summary>
    public static Check Isolated(Check check) =>
        check with
        {
            Program = "unshare",
            Arguments = ["--user", "--map-root-user", "--net", check.Program, .. check.Arguments],
        };

    private static Check? Of(string file, string path) =>
        file switch
        {
            "nftables.nft" => new(file, "nft", ["-c", "-f", path], _privilege),
            "nginx.conf" => new(file, "nginx", ["-t", "-q", "-c", path], _nginxsGateway),
            "haproxy.cfg" => new(file, "haproxy", ["-c", "-q", "-f", path], _haproxysGateway),
            "dnsmasq.conf" => new(file, "dnsmasq", ["--test", "-C", path], _daemonsGateway),
            "unbound.conf" => new(file, "unbound-checkconf", [path], _daemonsGateway),
            "kamailio.cfg" => new(file, "kamailio", ["-c", "-f", path], _daemonsGateway),
            _ => null,
        };
}
