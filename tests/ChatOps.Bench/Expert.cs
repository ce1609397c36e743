using System.Diagnostics;
using System.Globalization;
using System.Text;
using ChatOps.Local;

namespace ChatOps.Bench;

/// <summary>
/// What somebody who knows the gateway by heart would type: one line over an SSH connection that is kept open (OpenSSH's ControlMaster).
/// One element into a map of nftables; for a VM without an IPv4 address also a server block for nginx, which is then asked whether it takes
/// the file, and told to read it again. No approval, no log, no timer that goes back, no proof, nobody who is told.
/// </summary>
internal sealed class Expert : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chatops-expert-");
    private readonly bool _byNginx;
    private string[] _ssh = [];
    private bool _isOpen;

    private Expert(bool byNginx) => _byNginx = byNginx;

    private string In(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Sets up a gateway of its own with so many ports, and opens the connection.</summary>
    /// <param name="lab">The lab, whose spare gateway it takes.</param>
    /// <param name="exposures">How many ports are there.</param>
    /// <param name="byNginx">True for VMs that IPv4 clients reach only by a proxy.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Expert> SetUpAsync(string lab, int exposures, bool byNginx, CancellationToken cancel)
    {
        var expert = new Expert(byNginx);
        try
        {
            await expert.PrepareAsync(lab, exposures, cancel);
            await expert.ChangeAsync(cancel);
            return expert;
        }
        catch
        {
            await expert.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens or closes one port more than are there; milliseconds.</summary>
    public async Task<double> ChangeAsync(CancellationToken cancel)
    {
        _isOpen = !_isOpen;
        var element = _isOpen
            ? "echo 'add element inet expert ports { tcp . 10080 : 10.1.0.2 . 8080 }' | nft -f -"
            : "echo 'delete element inet expert ports { tcp . 10080 }' | nft -f -";
        var block = _isOpen
            ? "echo 'server { listen 0.0.0.0:10080; proxy_pass [400::100:0:0:2]:8080; }' >/etc/expert/more"
            : ": >/etc/expert/more";
        var line = _byNginx
            ? $"{block} && {element} && nginx -q -t -c /etc/expert/nginx.conf && nginx -q -s reload -c /etc/expert/nginx.conf"
            : element;
        var from = Stopwatch.GetTimestamp();
        await Tool.RunAsync("ssh", [.. _ssh, line], cancel);
        return Stopwatch.GetElapsedTime(from).TotalMilliseconds;
    }

    /// <summary>Ends the connection that it keeps.</summary>
    public async ValueTask DisposeAsync()
    {
        if (File.Exists(In("control")))
            await Tool.RunAsync("ssh", ["-o", $"ControlPath={In("control")}", "-O", "exit", "gateway"], CancellationToken.None);
        _folder.Delete(recursive: true);
    }

    private async Task PrepareAsync(string lab, int exposures, CancellationToken cancel)
    {
        const string script = "infra/lab/lab";
        const string gateway = "gw2";
        await Tool.RunAsync(script, ["--name", lab, "fresh", gateway], cancel);
        await Tool.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "bench", "-f", In("key")], cancel);
        var table = new StringBuilder(
            "table inet expert {\n  map ports {\n    type inet_proto . inet_service : ipv4_addr . inet_service\n    elements = {\n"
        );
        var servers = new StringBuilder();
        foreach (var port in Enumerable.Range(GivenEdge.FirstPort, exposures))
        {
            table.Append(CultureInfo.InvariantCulture, $"      tcp . {port} : 10.1.0.2 . 8080,\n");
            servers.Append(CultureInfo.InvariantCulture, $"  server {{ listen 0.0.0.0:{port}; proxy_pass [400::100:0:0:2]:8080; }}\n");
        }

        table.Append(
            "    }\n  }\n  chain forwarded {\n    type nat hook prerouting priority dstnat;\n    dnat ip to meta l4proto . th dport map @ports\n  }\n}\n"
        );
        var nginx = $$"""
            load_module /usr/lib/nginx/modules/ngx_stream_module.so;
            user www-data;
            worker_processes auto;
            pid /run/expert.pid;
            error_log /run/expert.log;
            events { worker_connections 32768; }
            stream {
              include /etc/expert/more;
            {{servers}}}
            """;
        var prepared = Path.Combine("/run/chatops-lab", lab, gateway, "root/etc/expert");
        Directory.CreateDirectory(prepared);
        await File.WriteAllTextAsync(Path.Combine(prepared, "table.nft"), table.ToString(), cancel);
        await File.WriteAllTextAsync(Path.Combine(prepared, "nginx.conf"), nginx, cancel);
        await File.WriteAllTextAsync(Path.Combine(prepared, "more"), "", cancel);
        await Tool.RunAsync(
            script,
            [
                "--name",
                lab,
                "exec",
                gateway,
                "sh",
                "-ec",
                $"""
                mkdir -p /root/.ssh
                echo "$1" >>/root/.ssh/authorized_keys
                echo 'PermitRootLogin prohibit-password' >/etc/ssh/sshd_config.d/05-bench.conf
                systemctl reload ssh
                nft -f /etc/expert/table.nft
                {(_byNginx ? "ulimit -n $(ulimit -H -n); nginx -c /etc/expert/nginx.conf" : ":")}
                """,
                "sh",
                (await File.ReadAllTextAsync(In("key.pub"), cancel)).Trim(),
            ],
            cancel
        );
        var at = LabFile.Load($"/run/chatops-lab/{lab}/lab.json").Access.Dial.First(d => d.Key.ToString() == gateway).Value;
        var hostKey = await Tool.RunAsync(script, ["--name", lab, "exec", gateway, "cat", "/etc/ssh/ssh_host_ed25519_key.pub"], cancel);
        await File.WriteAllTextAsync(In("known_hosts"), $"[{at.Host}]:{at.Port} {hostKey}", cancel);
        _ssh =
        [
            "-i",
            In("key"),
            "-p",
            $"{at.Port}",
            "-o",
            $"UserKnownHostsFile={In("known_hosts")}",
            "-o",
            "ControlMaster=auto",
            "-o",
            $"ControlPath={In("control")}",
            "-o",
            "ControlPersist=10m",
            $"root@{at.Host}",
        ];
    }
}
