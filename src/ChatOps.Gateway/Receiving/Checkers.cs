using System.Text;
using System.Text.RegularExpressions;
using ChatOps.Gateway.Checking;
using ChatOps.Gateway.Loading;
using ChatOps.Gateway.Running;
using ChatOps.Gateway.State;

namespace ChatOps.Gateway.Receiving;

/// <summary>
/// What the programs that will read a file say against it, side by side. They are asked about files that differ, all of whose lines the
/// program's own parsers have seen before. Nothing of what runs is touched.
/// </summary>
internal static partial class Checkers
{
    // The same as in chatops-nginx.service.
    private const string NginxMain = $"daemon on; pid {Places.Run}/nginx.pid; error_log stderr warn; error_log {Places.Run}/nginx.emerg emerg;";
    private const string Stdin = "/dev/stdin";
    private const int Enough = 2000;

    private static readonly string[] Asides = ["[warn]", "[NOTICE]", "[WARNING]"];

    private static readonly Dictionary<string, string[]> Apart = new()
    {
        ["haproxy.cfg"] = ["haproxy", "-c", "-f", Stdin],
        ["dnsmasq.conf"] = ["dnsmasq", "--test", "-C", Stdin],
        ["kamailio.cfg"] = ["kamailio", "-c", "-Y", "/tmp", "-f", Stdin],
        ["unbound.conf"] = ["unbound-checkconf", Stdin],
    };

    /// <summary>Refuses a revision with what the first of them says.</summary>
    public static void Check(Change change)
    {
        // Before nginx -t, which binds new ports for a moment and would look like a stranger who holds them.
        var held = change.Plan.New.Count > 0 ? Listening.Held(change.Plan.New) ?? Taken(change) : null;
        if (change.Lists.Contains("listeners"))
            held ??= ReservedPorts.InUse(change);
        Command.RaiseFileLimit();
        var asked = new List<(string File, Command Command)>();
        var apart = new List<(string File, byte[] Content)>();
        (string File, string Text)? refused = null;
        foreach (var file in Places.Configs.Where(f => change.Changed.Contains(f) && change.New.Has(f)))
        {
            if ((Missing(change.New, file) ?? Foreign(change, file)) is { } text)
                refused ??= (file, text);
            else if (Apart.ContainsKey(file))
                apart.Add((file, ToAsk(change.New, file)));
            else if (Start(change, file) is { } command)
                asked.Add((file, command));
        }

        foreach (var (file, outcome) in AskApart(apart))
            Judge(file, outcome);
        foreach (var (file, command) in asked)
        {
            using (command)
            {
                var outcome = command.Wait();
                if (file == "nftables.nft" && !outcome.IsOk && change.Elements is not null)
                {
                    // What runs does not take the elements, so the whole table will be loaded.
                    change.Elements = null;
                    outcome = Command.Run("nft", "-c", "-f", change.New[file]);
                }

                Judge(file, outcome);
            }
        }

        if (refused is { } wrong)
            throw new Refusal("validating", "", wrong.Text.Length > Enough ? wrong.Text[..Enough] : wrong.Text, wrong.File);
        if (held is not null)
            throw new Refusal("validating", "port-held", held);

        void Judge(string file, Outcome outcome)
        {
            if (Complaint(file, outcome) is { } text)
                refused ??= (file, text.Replace($"{change.New.Path}/", "", StringComparison.Ordinal)
                    .Replace(Stdin, file, StringComparison.Ordinal));
        }
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
        return taken.By is null ? null
            : $"{Rows.NameOf(taken.Port.Protocol)} {taken.Port.Port} (IPv{taken.Port.Family}) is held by a rule of somebody else on this gateway: {taken.By}";
    }

    // Without root, the network, or anything of this machine's own: these need nothing but the file.
    private static List<(string File, Outcome Outcome)> AskApart(List<(string File, byte[] Content)> files)
    {
        if (files.Count == 0)
            return [];
        try
        {
            return Sandbox.Run(() =>
            {
                var started = files.Select(f => (f.File, Command: Command.StartWith(f.Content, Apart[f.File][0], Apart[f.File].AsSpan(1))))
                    .ToList();
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

    // Of what a file includes, unbound's is made when it starts, and the maps of HAProxy have been looked at by themselves.
    private static byte[] ToAsk(RevisionFolder folder, string file) =>
        file switch
        {
            "unbound.conf" => Encoding.UTF8.GetBytes(
                string.Concat(folder.Lines(file).Where(l => !l.StartsWith("include:", StringComparison.Ordinal)).Select(l => $"{l}\n"))
            ),
            "haproxy.cfg" => Encoding.UTF8.GetBytes(
                Relay.Maps.Aggregate(folder.Text(file), (text, map) => text.Replace($"{Places.Run}/{map}", "/dev/null", StringComparison.Ordinal))
            ),
            _ => folder.Bytes(file),
        };

    // nft is asked of the kernel's own tables, and nginx binds the addresses and reads the keys of certificates.
    private static Command? Start(Change change, string file)
    {
        var path = change.New[file];
        switch (file)
        {
            case "nftables.nft":
                return change.HasElements ? null
                    : change.Elements is { } elements ? Command.StartWith(Encoding.UTF8.GetBytes(elements), "nft", "-c", "-f", "-")
                    : Command.Start("nft", "-c", "-f", path);
            case "nginx.conf":
                return Command.Start("nginx", "-t", "-q", "-c", path, "-g", NginxMain);
            default:
                return null;
        }
    }

    // What this gateway lacks, which the program would say worse. tayga and pgbouncer cannot check a file without running.
    private static string? Missing(RevisionFolder folder, string file) =>
        file switch
        {
            _ when Places.Daemons.Contains(file)
                && Command.Find(Daemons.NameOf(file)) is null => $"{Daemons.NameOf(file)} is not on this gateway; run install again",
            "nginx.conf" => MissingCertificate(folder.Lines(file)),
            "pgbouncer.ini" => MissingUsers(),
            _ => null,
        };

    private static string? MissingCertificate(string[] lines)
    {
        const string before = $"ssl_certificate {Places.Certificates}/", behind = "/fullchain.pem;";
        foreach (var line in lines.Select(l => l.Trim())
            .Where(l => l.StartsWith(before, StringComparison.Ordinal) && l.EndsWith(behind, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            var name = line[before.Length..^behind.Length];
            if (!File.Exists($"{Places.Certificates}/{name}/fullchain.pem") || !File.Exists($"{Places.Certificates}/{name}/privkey.pem"))
                return $"no certificate {name} on the gateway: put fullchain.pem and privkey.pem into {Places.Certificates}/{name}";
        }

        return null;
    }

    // The gateway must not hold what opens the database: of a verifier the server can tell that a password is right, but nobody can log in
    // with it.
    private static string? MissingUsers()
    {
        if (!Files.HasContent(Places.DatabaseUsers))
        {
            return $"no users on the gateway: put the verifiers of the server's users into {Places.DatabaseUsers}, as root, mode 0600, a line each as in: "
                + "SELECT format('\"%s\" \"%s\"', rolname, rolpassword) FROM pg_authid WHERE rolpassword LIKE 'SCRAM-%'";
        }

        var lines = (Files.Text(Places.DatabaseUsers) ?? "").TrimEnd('\n').Split('\n');
        var wrong = Array.FindIndex(lines, l => !Verifier().IsMatch(l));
        return wrong < 0 ? null
            : $"{Places.DatabaseUsers}, line {wrong + 1}: should be \"USER\" \"SCRAM-SHA-256$...\", a verifier as pg_authid has it, not a password";
    }

    // An empty line, a remark, or a user with a verifier.
    [GeneratedRegex("""^[ \t]*(;.*)?$|^"([^"]|"")+" "SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+"$""")]
    private static partial Regex Verifier();

    private static string? Complaint(string file, Outcome outcome)
    {
        if (file == "kamailio.cfg")
        {
            // Its status says nothing.
            var errors = outcome.Said.Split('\n')
                .Where(l => l.Contains("ERROR", StringComparison.Ordinal) || l.Contains("CRITICAL", StringComparison.Ordinal)).Take(5)
                .ToList();
            return errors.Count > 0 ? string.Join('\n', errors) : outcome.Status == 127 ? outcome.Said : null;
        }

        if (outcome.IsOk)
            return null;
        // What is no reason last: only the beginning is kept, and nginx 1.25.1 and newer warns twice a TLS server.
        return string.Join('\n', outcome.Said.Split('\n').OrderBy(l => Asides.Any(aside => l.Contains(aside, StringComparison.Ordinal))));
    }
}
