using System.Text;
using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Loading;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Receiving;

/// <summary>
/// What the programs that will read a file say against it, side by side. They are asked about files that differ, all of whose lines the
/// program's own parsers have seen before, in a sandbox: whatever such a program does with a file, it is nobody there, and finds nothing.
/// Nothing of what runs is touched.
/// </summary>
internal static class Checkers
{
    private const string Stdin = "/dev/stdin";
    private const int Enough = 2000;

    private static readonly string[] Asides = ["[warn]", "[NOTICE]", "[WARNING]"];

    private static readonly string[] Nginx = ["nginx", "-t", "-q", "-c", Stdin, "-g", "pid /tmp/nginx.pid; error_log stderr warn;"];

    private static readonly Dictionary<string, string[]> Programs = new()
    {
        ["nginx.conf"] = Nginx,
        // It cannot check a file without serving; nginx tells whether its key belongs to its certificate.
        ["pgbouncer.ini"] = Nginx,
        ["haproxy.cfg"] = ["haproxy", "-c", "-f", Stdin],
        ["dnsmasq.conf"] = ["dnsmasq", "--test", "-C", Stdin],
        ["kamailio.cfg"] = ["kamailio", "-c", "-Y", "/tmp", "-f", Stdin],
        ["unbound.conf"] = ["unbound-checkconf", Stdin],
        ["nftables.nft"] = ["nft", "-c", "-f", Stdin],
    };

    // nginx binds the ports that it is to listen on, and nft asks the kernel.
    private static readonly Dictionary<string, int> Capabilities = new()
    {
        ["nginx.conf"] = Sandbox.BindService,
        ["nftables.nft"] = Sandbox.AdministerNetwork,
    };

    /// <summary>Refuses a revision with what the first of them says.</summary>
    public static void Check(Change change)
    {
        var held = Listening.Held(change.Plan) ?? (change.Plan.New.Count > 0 ? Taken(change) : null);
        if (change.Lists.Contains("listeners"))
            held ??= ReservedPorts.InUse(change);
        Command.RaiseFileLimit();
        (string File, string Text)? refused = null;
        var asked = new List<(string File, byte[] Content)>();
        foreach (var file in Places.Configs.Where(f => change.Changed.Contains(f) && change.New.Has(f)))
        {
            if ((Missing(change.New, file) ?? Foreign(change, file)) is { } text)
                refused ??= (file, text);
            else if (
                Programs.ContainsKey(file)
                && !(file == "nftables.nft" && (change.HasElements || !AsksForAll(change)))
                && ToAsk(change.New, file) is { } content
            )
                asked.Add((file, content));
        }

        foreach (
            var (file, outcome) in Ask(asked, new() { Files = CertificatesFor(change), Folders = ["/var/lib/nginx", "/var/log/nginx"] })
        )
        {
            if (Complaint(file, outcome) is { } text)
                refused ??= (file, text);
        }

        if (refused is { } wrong)
            throw new Refusal("validating", "", wrong.Text.Length > Enough ? wrong.Text[..Enough] : wrong.Text, wrong.File);
        if (held is not null)
            throw new Refusal("validating", "port-held", held);
    }

    // Elements alone are asked of the table that runs. What runs may not take them, and then the whole table will be loaded.
    private static bool AsksForAll(Change change)
    {
        if (change.Elements is null)
            return true;
        if (Ask([("nftables.nft", Encoding.UTF8.GetBytes(change.Elements))], new() { HasNetwork = true })[0].Outcome.IsOk)
            return false;
        change.Elements = null;
        return true;
    }

    // What is somebody else's now and would be gone then.
    private static string? Foreign(Change change, string file) =>
        file switch
        {
            "wg0.conf" => Tunnel.Foreign(change),
            "nftables.nft" => Newcomer.Closes(change),
            _ => null,
        };

    // A DNAT of somebody else holds a port as a listener does.
    private static string? Taken(Change change)
    {
        var taken = change.InTheWay().FirstOrDefault(s => s.IsTaken);
        return taken.By is null
            ? null
            : $"{Rows.NameOf(taken.Port.Protocol)} {taken.Port.Port} (IPv{taken.Port.Family}) is held by a rule of somebody else on this gateway: {taken.By}";
    }

    // Without root, the network, or anything of this machine's own: these need nothing but the file.
    private static List<(string File, Outcome Outcome)> Ask(List<(string File, byte[] Content)> files, Furniture furniture)
    {
        if (files.Count == 0)
            return [];
        try
        {
            return Sandbox.Run(furniture, () =>
            {
                var started = files.Select(f => (f.File, Command: Start(f.File, f.Content))).ToList();
                var outcomes = started.Select(s => (s.File, s.Command.Wait())).ToList();
                started.ForEach(s => s.Command.Dispose());
                return outcomes;
            });
        }
        catch (IOException e)
        {
            throw new Refusal("validating", "broken", e.Message, files[0].File);
        }
    }

    private static Command Start(string file, byte[] content)
    {
        var program = Programs[file];
        return Capabilities.TryGetValue(file, out var capability) ? Sandbox.Granting(capability, Started) : Started();

        Command Started() => Command.StartWith(content, program[0], program.AsSpan(1));
    }

    // Null where there is nothing to ask about. Of what a file includes, unbound's is made when it starts, and the maps of HAProxy have
    // been looked at by themselves.
    private static byte[]? ToAsk(RevisionFolder folder, string file) =>
        file switch
        {
            "pgbouncer.ini" => CertificateFiles
                .Of(folder, file)
                .Select(CertificateFiles.PathsOf)
                .Select(p =>
                    Encoding.UTF8.GetBytes(
                        $"events {{}} http {{ server {{ listen unix:/tmp/tls.sock ssl; ssl_certificate {p[0]}; ssl_certificate_key {p[1]}; }} }}"
                    )
                )
                .FirstOrDefault(),
            "unbound.conf" => Encoding.UTF8.GetBytes(
                string.Concat(folder.Lines(file).Where(l => !l.StartsWith("include:", StringComparison.Ordinal)).Select(l => $"{l}\n"))
            ),
            "haproxy.cfg" => Encoding.UTF8.GetBytes(
                Relay.Maps.Aggregate(folder.Text(file), (text, map) =>
                    text.Replace($"{Places.Run}/{map}", "/dev/null", StringComparison.Ordinal)
                )
            ),
            // There is no folder for sockets in the sandbox but this one.
            "nginx.conf" => Encoding.UTF8.GetBytes(
                NginxDialect.Of(folder.Text(file)).Replace($"unix:{Places.NginxSockets}/", "unix:/tmp/", StringComparison.Ordinal)
            ),
            _ => folder.Bytes(file),
        };

    // nginx tells whether a key belongs to its certificate. It gets those that its file names, and no way to tell anybody: no network, and
    // of what it says only what names a place.
    private static Dictionary<string, byte[]> CertificatesFor(Change change) =>
        change
            .Changed.Where(change.New.Has)
            .SelectMany(f => CertificateFiles.Of(change.New, f))
            .Distinct()
            .SelectMany(CertificateFiles.PathsOf)
            .Select(path => (path, Content: Files.Bytes(path)))
            .Where(f => f.Content is not null)
            .ToDictionary(f => f.path, f => f.Content!);

    // What this gateway lacks, which the program would say worse. tayga cannot check a file without running.
    private static string? Missing(RevisionFolder folder, string file) =>
        file switch
        {
            _ when file != Places.UdpRelay && Places.Daemons.Contains(file) && Command.Find(Daemons.NameOf(file)) is null =>
                $"{Daemons.NameOf(file)} is not on this gateway; run install again",
            "pgbouncer.ini" => CertificateFiles.Missing(folder, file) ?? Databases.MissingUsers(),
            _ => CertificateFiles.Missing(folder, file),
        };

    private static string? Complaint(string file, Outcome outcome)
    {
        // kamailio's status says nothing.
        var isRefused =
            file == "kamailio.cfg"
                ? outcome.Status == 127
                    || outcome.Said.Contains("ERROR", StringComparison.Ordinal)
                    || outcome.Said.Contains("CRITICAL", StringComparison.Ordinal)
                : !outcome.IsOk;
        if (!isRefused)
            return null;
        // A program that is not there is our own sentence.
        if (outcome.Status == 127)
            return outcome.Said;
        var said = outcome.Said.Replace(Stdin, file, StringComparison.Ordinal);
        Journal.Say($"{Programs[file][0]} refuses {file}: {said}");
        // What is no reason last: only the beginning is kept.
        var lines = said.Split('\n')
            .Where(l => Quoting.Names(l, file))
            .OrderBy(l => Asides.Any(aside => l.Contains(aside, StringComparison.Ordinal)))
            .ToList();
        return lines.Count > 0 && !Asides.Any(aside => lines[0].Contains(aside, StringComparison.Ordinal))
            ? string.Join('\n', lines)
            : Quoting.Unnamed(Programs[file][0]);
    }
}
