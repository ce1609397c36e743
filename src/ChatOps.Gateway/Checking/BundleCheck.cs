using System.Net;
using System.Text;

namespace ChatOps.Gateway.Checking;

/// <summary>What a bundle is checked by: the files that changed, and what they are compared with.</summary>
internal sealed record BundleFiles
{
    /// <summary>The files that changed, by name, as they were delivered, and those that are to be looked at because of
    /// them (<see cref="BundleCheck.ToLookAt"/>). Of "exposures" and "listeners" only the name counts: they have been
    /// read already.</summary>
    public required IReadOnlyDictionary<string, byte[]> ToLookAt { get; init; }

    public required IReadOnlyList<Exposure> Exposures { get; init; }

    public required IReadOnlyList<Listener> Listeners { get; init; }

    /// <summary>Every address of this machine, loopback and link-local ones too. What the files bring is added.</summary>
    public required IReadOnlyCollection<IPAddress> Own { get; init; }

    /// <summary>All of "rules", empty when the revision has none. Null: only when "rules" is among the files to look at, the firewall's
    /// file is compared with it.</summary>
    public byte[]? Rules { get; init; }
}

/// <summary>
/// Looks at the files of a bundle. Whoever holds our SSH key must not become root through a configuration file, nor reach further than a
/// gateway's job: so each file is what our templates write and nothing else, and what it opens and leads to is in the bundle's lists, too.
/// </summary>
internal static class BundleCheck
{
    /// <summary>Every kind of file but the lists of exposures and listeners, in the order in which they are looked at.</summary>
    public static IReadOnlyList<Format> Formats { get; } =
    [
        ListFiles.Sysctl,
        ListFiles.Addresses,
        ListFiles.Rules,
        ListFiles.Lifetimes,
        ListFiles.WireGuard,
        SecretsFile.Format,
        NginxFile.Format,
        HaproxyFile.Map,
        HaproxyFile.Format,
        UdpRelayFile.Format,
        DaemonFiles.Dnsmasq,
        PgbouncerFile.Format,
        DaemonFiles.Kamailio,
        DaemonFiles.Unbound,
        DaemonFiles.Tayga,
        NftablesFile.Format,
    ];

    // What others are compared with: the lists, and what gives this machine addresses.
    private static readonly string[] _compared = ["exposures", "listeners", "rules", "addresses", "secrets", "wg0.conf"];

    /// <summary>What is to be looked at: the files that changed. A file that did not must still agree with lists that did, and lead to no
    /// address that becomes this machine's own.</summary>
    public static IReadOnlyDictionary<string, byte[]> ToLookAt(
        IReadOnlyDictionary<string, byte[]> files,
        IReadOnlyCollection<string> changed
    )
    {
        var isAll = changed.Any(_compared.Contains);
        return files.Where(f => isAll || changed.Contains(f.Key)).ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal);
    }

    /// <summary>The first thing that is wrong, in the order of the files; null when nothing is. A file of another name is wrong,
    /// too.</summary>
    public static Fault? Check(BundleFiles files)
    {
        var rules = files.ToLookAt.GetValueOrDefault("rules", files.Rules!);
        var rows = rules is null ? null : Encoding.Latin1.GetString(rules).Split('\n');
        var declared = new Declared(new Machine([.. files.Own, .. Coming(files)]), files.Exposures, files.Listeners, rows)
        {
            // Each is looked at whenever the other has changed.
            Sealed = SecretsFile.PeersOf(files.ToLookAt.GetValueOrDefault("secrets")),
            Preshared = WireGuardFile.Preshared(files.ToLookAt.GetValueOrDefault("wg0.conf")),
        };

        // The lists first: all else is compared with them.
        if (CheckLists(files, declared) is { } listFault)
            return listFault;
        foreach (var format in Formats)
        {
            if (files.ToLookAt.TryGetValue(format.File, out var text) && format.Check(text, declared) is { } fault)
                return fault;
        }

        var known = Formats.Select(f => f.File).Append("exposures").Append("listeners");
        var stranger = files.ToLookAt.Keys.Except(known).Order(StringComparer.Ordinal).FirstOrDefault();
        return stranger is null ? null : new Fault(stranger, "is not a file of a bundle");
    }

    // An address that this revision gives to this machine is its own already.
    private static IEnumerable<IPAddress> Coming(BundleFiles files)
    {
        var held = LinesOf("addresses").Select(l => l.Split(' ')[0]);
        var tunnel = LinesOf("wg0.conf")
            .Where(l => l.StartsWith("Address = ", StringComparison.Ordinal))
            .Select(l => l["Address = ".Length..].Split('/')[0]);
        return held.Concat(tunnel).Select(t => IPAddress.TryParse(t, out var address) ? address : null).OfType<IPAddress>();

        string[] LinesOf(string file) => files.ToLookAt.TryGetValue(file, out var text) ? Encoding.Latin1.GetString(text).Split('\n') : [];
    }

    // Both have been read, so a row's number is its line.
    private static Fault? CheckLists(BundleFiles files, Declared declared)
    {
        if (files.ToLookAt.ContainsKey("exposures"))
        {
            for (var i = 0; i < files.Exposures.Count; i++)
            {
                if (Exposures.Complaint(files.Exposures[i], declared.Machine) is { } why)
                    return new Fault("exposures", $"line {i + 1}: {why}");
            }
        }

        if (!files.ToLookAt.ContainsKey("listeners"))
            return null;
        for (var i = 0; i < files.Listeners.Count; i++)
        {
            // unbound answers VMs, not the public; a relay is reached by the ports that it relays.
            var listener = files.Listeners[i];
            if (listener.Engine == "unbound" || declared.IsExposed(listener) || declared.IsRelay(listener))
                continue;
            var port = $"{Rows.NameOf(listener.Protocol)} {listener.Port} (IPv{listener.Family})";
            return new Fault("listeners", $"line {i + 1}: exposures has nothing of {listener.Engine} on {port}");
        }

        return null;
    }
}
