using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using ChatOps.Gateway.Loading;

namespace ChatOps.GatewaySpecs.Daemons;

/// <summary>
/// What came of asking a daemon about a file: how it ended, what it said, and what it did, as far as that reaches out of its process.
/// </summary>
internal sealed record Asked(int Status, string Said, IReadOnlySet<string> Deeds);

/// <summary>The daemons of a gateway, in namespaces to throw away; see the script "sandbox" beside this.</summary>
internal sealed partial class DaemonSandbox : IDisposable
{
    /// <summary>The file of the daemon that takes a third of a second to ask.</summary>
    public const string Slow = "pgbouncer.ini";

    private static readonly Dictionary<string, string[]> Programs = new()
    {
        ["nginx.conf"] = ["-all", "/usr/sbin/nginx", "-t", "-q", "-c", "/dev/stdin", "-g", "pid /tmp/nginx.pid; error_log stderr warn;"],
        ["haproxy.cfg"] = ["-all", "/usr/sbin/haproxy", "-c", "-f", "/dev/stdin"],
        ["dnsmasq.conf"] = ["-all", "/usr/sbin/dnsmasq", "--test", "-C", "/dev/stdin"],
        ["kamailio.cfg"] = ["-all", "/usr/sbin/kamailio", "-c", "-Y", "/tmp", "-f", "/dev/stdin"],
        ["unbound.conf"] = ["-all", "/usr/sbin/unbound-checkconf", "/dev/stdin"],
        // It has read all of it before it finds out that there is no such interface.
        ["wg0.conf"] = ["-all", "/bin/sh", "-c", "/usr/bin/wg setconf none /dev/stdin 2>&1 | grep 'Unable to modify interface'"],
        ["tayga.conf"] = ["-all,+net_admin", "/usr/sbin/tayga", "--config", "/dev/stdin", "--mktun"],
        // It cannot check a file without serving.
        [Slow] = ["-all", "/bin/sh", "-c", "timeout -s INT 0.3 /usr/sbin/pgbouncer /dev/stdin; [ $? = 124 ]"],
        // Not only asked: loaded, and then looked at what there is.
        ["nftables.nft"] = ["-all,+net_admin", "/bin/sh", "-c", "/usr/sbin/nft -f /dev/stdin && /usr/sbin/nft list tables"],
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chatops-daemons-");
    private readonly Process _process;

    public DaemonSandbox(IEnumerable<string> certificates)
    {
        foreach (var name in certificates.Distinct())
            PutCertificate(name);
        var start = new ProcessStartInfo("unshare") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (
            var argument in (string[])
                [
                    "--mount",
                    "--net",
                    "--ipc",
                    "--pid",
                    "--fork",
                    "--kill-child",
                    "bash",
                    Path.Combine(Here(), "sandbox"),
                    RootFs!,
                    _folder.FullName,
                ]
        )
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
    }

    /// <summary>Why there is none here, or null.</summary>
    public static string? WhyNot =>
        RootFs is null ? "CHATOPS_DAEMONS names no root file system with the daemons (infra/lab/lab rootfs)"
        : !Environment.IsPrivilegedProcess ? "it needs root, to make namespaces"
        : !File.Exists("/usr/bin/strace") ? "strace is not installed"
        : null;

    /// <summary>The files about which a daemon can be asked.</summary>
    public static IReadOnlyCollection<string> Files => Programs.Keys;

    private static string? RootFs => Environment.GetEnvironmentVariable("CHATOPS_DAEMONS") is { Length: > 0 } path ? path : null;

    /// <summary>Asks the daemon that reads files of a name.</summary>
    public Asked Ask(string file, byte[] content)
    {
        File.WriteAllBytes(In("file"), file == "wg0.conf" ? WhatWgGets(content) : content);
        _process.StandardInput.WriteLine(string.Join('\t', Programs[file]));
        var status = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the sandbox has ended");
        var calls = File.ReadAllLines(In("calls")).SkipWhile(l => !l.Contains($"execve(\"{Programs[file][1]}\"", StringComparison.Ordinal));
        return new(
            int.Parse(status, CultureInfo.InvariantCulture),
            File.ReadAllText(In("said")),
            calls.Select(DeedIn).OfType<string>().Select(d => file == "haproxy.cfg" ? ProbeForm().Replace(d, "htons(N)") : d).ToHashSet()
        );
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(30)))
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static byte[] WhatWgGets(byte[] file) =>
        Encoding.Latin1.GetBytes(
            Tunnel.Stripped(
                Encoding
                    .Latin1.GetString(file)
                    .Replace("KEPT-ON-THE-GATEWAY", Convert.ToBase64String(new byte[32]), StringComparison.Ordinal)
                    .Split('\n')
            )
        );

    // A call, the paths and addresses in it, and whether it writes; without numbers that are others at each run.
    private static string? DeedIn(string line)
    {
        if (CallForm().Match(line) is not { Success: true } call)
            return null;
        var rest = call.Groups[2].Value;
        var what = call.Groups[1].Value is "bind" or "connect"
            ? rest.Contains("AF_NETLINK", StringComparison.Ordinal)
                ? "netlink"
                : AddressForm().Match(rest).Value
            : string.Join(
                ' ',
                PathForm()
                    .Matches(rest)
                    .Select(m => m.Value)
                    .Take(call.Groups[1].Value.StartsWith("exec", StringComparison.Ordinal) ? 1 : 2)
            );
        // The C library asks on this machine first, before anything that has a name.
        if (what.Contains("/run/nscd/socket", StringComparison.Ordinal))
            return null;
        var writes = WriteForm().IsMatch(rest) ? " to write" : "";
        return $"{call.Groups[1].Value} {NumberForm().Replace(what, "N")}{writes}";
    }

    private void PutCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=gw1.example", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(30)
        );
        Directory.CreateDirectory(In($"tls/{name}"));
        File.WriteAllText(In($"tls/{name}/fullchain.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(In($"tls/{name}/privkey.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    [GeneratedRegex(@"^\d+ +(\w+)\((.*)")]
    private static partial Regex CallForm();

    [GeneratedRegex("""\{sa_family=\w+, .*?\}""")]
    private static partial Regex AddressForm();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex PathForm();

    [GeneratedRegex("O_WRONLY|O_RDWR|O_CREAT")]
    private static partial Regex WriteForm();

    // HAProxy tries with ports that the kernel chooses what sockets can do.
    [GeneratedRegex(@"(?<=^bind .*)htons\((3[2-9]|4\d|5\d|60)\d{3}\)")]
    private static partial Regex ProbeForm();

    [GeneratedRegex(@"(?<=/proc/|(/tmp|/dev/shm)/[a-z_.-]*)\d+")]
    private static partial Regex NumberForm();
}
