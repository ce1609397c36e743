using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ChatOps.Gateway.Checking;
using ChatOps.GatewaySpecs.Checking;

namespace ChatOps.GatewaySpecs.Daemons;

/// <summary>
/// Our parsers against the daemons themselves: files of the templates are changed at random, always in the same way, and what the gateway's
/// check lets through goes to the real daemon, in a place to throw away. It may refuse it; it may do nothing that it does not do with files
/// of the templates: open, run, listen or ask elsewhere, or leave another table than ours.
/// <para>CHATOPS_MUTATIONS says how many (3,000), CHATOPS_SEED which (the day on which this was written).</para>
/// </summary>
public sealed partial class DaemonFuzzSpecs
{
    private const string Tables = "table ip other\ntable inet chatops\n";

    [DaemonFact]
    [SuppressMessage("Security", "CA5394", Justification = "the same mutations in every run")]
    public void A_daemon_does_nothing_more_with_what_the_check_lets_through()
    {
        var random = new Random(Setting("CHATOPS_SEED", 20261130));
        var seeds = (
            from bundle in Bundle.All
            from format in BundleCheck.Formats
            where DaemonSandbox.Files.Contains(format.File) && bundle.Files.ContainsKey(format.File)
            select (
                Format: format,
                File: bundle.Files[format.File],
                Declared: bundle.Declared(),
                Listeners: Listeners.Parse(bundle.Files["listeners"], out _)
            )
        ).ToArray();
        var certificates = seeds
            .SelectMany(s => CertificateForm().Matches(Encoding.ASCII.GetString(s.File)))
            .Select(m => m.Groups["name"].Value)
            .ToList();
        using var daemons = new DaemonSandbox(certificates);
        var usual = new Dictionary<string, HashSet<string>>();
        foreach (var (format, file, _, _) in seeds)
        {
            var asked = daemons.Ask(format.File, file);
            Assert.True(asked.Status == 0, $"{format.File} as the templates write it: {asked.Said}");
            if (!usual.TryAdd(format.File, [.. asked.Deeds]))
                usual[format.File].UnionWith(asked.Deeds);
        }

        // And what it does to complain.
        foreach (var (file, deeds) in usual)
            deeds.UnionWith(daemons.Ask(file, "marker\n"u8.ToArray()).Deeds);

        var byFormat = seeds
            .GroupBy(s => s.Format.File)
            .Select(g => (Seeds: g.ToArray(), Lines: g.SelectMany(s => Encoding.ASCII.GetString(s.File).Split('\n')).Distinct().ToArray()))
            .ToArray();
        var refused = byFormat.ToDictionary(f => f.Seeds[0].Format.File, _ => 0);
        var through = new List<(int Number, string File, byte[] Text, IReadOnlyList<Listener> Listeners)>();
        var count = Setting("CHATOPS_MUTATIONS", 3000);
        var turns = Enumerable
            .Range(0, 10)
            .SelectMany(n => byFormat.Where(f => n == 0 || f.Seeds[0].Format.File != DaemonSandbox.Slow))
            .ToArray();
        for (var i = 0; i < count; i++)
        {
            var (some, lines) = turns[i % turns.Length];
            var (format, file, declared, listeners) = some[random.Next(some.Length)];
            var mutated = Mutation.Of(file, lines, random);
            if (format.Check(mutated, declared) is null)
                through.Add((i, format.File, mutated, listeners));
            else
                refused[format.File]++;
        }

        // A sandbox a core, and what each has found.
        using var others = new DaemonSandbox(certificates);
        var found = new[] { daemons, others }
            .AsParallel()
            .WithDegreeOfParallelism(2)
            .SelectMany(
                (sandbox, n) =>
                    through.Where((_, i) => i % 2 == n).Select(m => (m.File, Judged: Judge(sandbox, m.Number, m.File, m.Text, m.Listeners)))
            )
            .ToList();
        var strange = found.Select(f => f.Judged.Strange).OfType<string>().ToList();
        Assert.True(strange.Count == 0, string.Join("\n---\n", strange));
        foreach (var (file, times) in refused)
        {
            var (asked, taken) = (found.Count(f => f.File == file), found.Count(f => f.File == file && f.Judged.IsTaken));
            Console.WriteLine(
                $"FIGURE fuzz {file}: {times} refused by the check; of {asked} let through the daemon took {taken}, and did nothing else with any"
            );
            Assert.True(times > 0 && taken > 0, file);
        }

        (bool IsTaken, string? Strange) Judge(
            DaemonSandbox sandbox,
            int number,
            string file,
            byte[] text,
            IReadOnlyList<Listener> listeners
        )
        {
            var asked = sandbox.Ask(file, text);
            var deeds = asked.Deeds.Except(usual[file]).Where(d => !IsDeclared(d, listeners) && !IsLookOfWireGuard(d, file, text)).ToList();
            if (file == "nftables.nft" && asked.Status == 0 && asked.Said != Tables)
                deeds.Add($"left {asked.Said}");
            return (
                asked.Status == 0,
                deeds.Count == 0 ? null : $"mutation {number} of {file}: {string.Join(", ", deeds)}\n{Encoding.Latin1.GetString(text)}"
            );
        }
    }

    // Harmless lines that the check refuses: were they let through, it would be seen.
    [DaemonTheory]
    [InlineData("nginx.conf", "events {}\ninclude /marker/read;\n")]
    [InlineData("haproxy.cfg", "listen x\n  bind 0.0.0.0:80\n  tcp-request connection reject if { src -f /marker/read }\n")]
    [InlineData("dnsmasq.conf", "conf-file=/marker/read\n")]
    [InlineData("kamailio.cfg", "include_file \"/marker/read\"\n")]
    [InlineData("unbound.conf", "include: /marker/read\n")]
    [InlineData("pgbouncer.ini", "%include /marker/read\n")]
    [InlineData("nftables.nft", "include \"/marker/read\"\n")]
    public void What_a_daemon_does_is_seen(string file, string text)
    {
        Assert.NotNull(
            BundleCheck.Formats.Single(f => f.File == file).Check(Encoding.ASCII.GetBytes(text), Bundle.Named("nginx").Declared())
        );
        using var daemons = new DaemonSandbox(["none"]);
        Assert.Contains(daemons.Ask(file, Encoding.ASCII.GetBytes(text)).Deeds, d =>
            d.Contains("\"/marker/read\"", StringComparison.Ordinal)
        );
    }

    [DaemonFact]
    public void What_is_left_behind_is_seen()
    {
        using var daemons = new DaemonSandbox(["none"]);
        Assert.Equal("table ip other\ntable ip marker\n", daemons.Ask("nftables.nft", "table ip marker {}\n"u8.ToArray()).Said);
        Assert.Equal("table ip marker\n", daemons.Ask("nftables.nft", "delete table ip other\n"u8.ToArray()).Said);
    }

    // A certificate by its name, a port that the lists have, and a socket of nginx in its own folder.
    private static bool IsDeclared(string deed, IReadOnlyList<Listener> listeners) =>
        deed.StartsWith("openat \"/etc/chatops/tls/", StringComparison.Ordinal)
            && !deed.Contains("..", StringComparison.Ordinal)
            && !deed.EndsWith("write", StringComparison.Ordinal)
        || CopyForm().IsMatch(deed)
        || SocketForm().IsMatch(deed)
        || PortForm().Match(deed) is { Success: true } port
            && listeners.Any(l => l.Port == int.Parse(port.Groups[1].Value, CultureInfo.InvariantCulture));

    // wg has the C library read its port, which asks by UDP sockets that send nothing how addresses are reached.
    private static bool IsLookOfWireGuard(string deed, string file, byte[] text) =>
        file == "wg0.conf"
        && LookForm().Match(deed) is { Success: true } look
        && Encoding.ASCII.GetString(text).Split('\n').Contains($"ListenPort = {look.Groups[1].Value}");

    private static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : usual;

    [GeneratedRegex(@"/etc/chatops/tls/(?<name>[A-Za-z0-9.-]+)/fullchain|/run/chatops-pgbouncer/(?<name>[A-Za-z0-9.-]+)\.crt")]
    private static partial Regex CertificateForm();

    [GeneratedRegex(
        @"^connect \{sa_family=AF_INET6?, sin6?_port=htons\((\d+)\), (?:sin6_flowinfo=htonl\(0\), inet_pton\(AF_INET6, ""::"", &sin6_addr\), sin6_scope_id=0|sin_addr=inet_addr\(""0\.0\.0\.0""\))\}$"
    )]
    private static partial Regex LookForm();

    [GeneratedRegex("^openat \"/run/chatops-pgbouncer/[a-z0-9-]+\\.(crt|key)\"$")]
    private static partial Regex CopyForm();

    [GeneratedRegex("^(bind|chmod|unlink) [^\"]*\"/run/chatops/nginx/[A-Za-z0-9._-]+\\.sock\"}?$")]
    private static partial Regex SocketForm();

    [GeneratedRegex(@"^bind .*port=htons\((\d+)\)")]
    private static partial Regex PortForm();
}
