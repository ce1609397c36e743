using System.Diagnostics;
using System.Text.Json;
using ChatOps.Local;

namespace ChatOps.Bench;

/// <summary>
/// The same change the usual way: Debian's ansible-core with pipelining and a kept connection, the built-in modules, no facts. It writes
/// one nftables map, has nft check it, and loads it; it neither proves a new connection, nor reverts, nor touches nginx.
/// </summary>
internal sealed class Ansible : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly int _exposures;
    private readonly Dictionary<string, string> _environment;
    private bool _isOpen;

    private Ansible(DirectoryInfo folder, int exposures)
    {
        (_folder, _exposures) = (folder, exposures);
        _environment = new()
        {
            ["ANSIBLE_CONFIG"] = Path.Combine(Playbooks, "ansible.cfg"),
            ["ANSIBLE_HOME"] = folder.FullName,
            ["ANSIBLE_SSH_CONTROL_PATH_DIR"] = folder.FullName,
            ["LC_ALL"] = "C.UTF-8",
        };
    }

    private static string Playbooks { get; } = Path.Combine(AppContext.BaseDirectory, "ansible");

    private string In(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>
    /// Gives it a login of its own on the gateway, and makes the first run, which opens the connection that the others use.
    /// </summary>
    public static async Task<Ansible> SetUpAsync(Lab lab, LabFile file, int exposures, CancellationToken cancel)
    {
        // A socket's path must be short, which the scratch folder's need not be.
        var ansible = new Ansible(Directory.CreateTempSubdirectory("chatops-bench-"), exposures);
        try
        {
            await Tool.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "bench", "-f", ansible.In("key")], cancel);
            await lab.OnGatewayAsync(
                [
                    "sh",
                    "-ec",
                    """
                    echo "$1" >>/root/.ssh/authorized_keys
                    echo 'PermitRootLogin prohibit-password' >/etc/ssh/sshd_config.d/05-bench.conf
                    systemctl reload ssh
                    """,
                    "sh",
                    (await File.ReadAllTextAsync(ansible.In("key.pub"), cancel)).Trim(),
                ],
                cancel
            );
            var at = file.Access.Dial[GivenEdge.GatewayName];
            var hostKey = await lab.OnGatewayAsync(["cat", "/etc/ssh/ssh_host_ed25519_key.pub"], cancel);
            await File.WriteAllTextAsync(ansible.In("known_hosts"), $"[{at.Host}]:{at.Port} {hostKey}", cancel);
            await File.WriteAllTextAsync(
                ansible.In("hosts"),
                $"gateway ansible_host={at.Host} ansible_port={at.Port} ansible_user=root ansible_ssh_private_key_file={ansible.In("key")} "
                    + $"ansible_ssh_common_args='-o UserKnownHostsFile={ansible.In("known_hosts")}'\n",
                cancel
            );
            await ansible.ChangeAsync(cancel);
            return ansible;
        }
        catch
        {
            await ansible.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens or closes one more port than are there; milliseconds.</summary>
    public async Task<double> ChangeAsync(CancellationToken cancel)
    {
        _isOpen = !_isOpen;
        var entries = Enumerable
            .Range(0, _exposures + (_isOpen ? 1 : 0))
            .Select(i => new
            {
                port = 30_000 + i,
                address = "10.1.0.2",
                target_port = 8080,
            });
        await File.WriteAllTextAsync(In("exposures.json"), JsonSerializer.Serialize(new { exposures = entries }), cancel);
        var from = Stopwatch.GetTimestamp();
        var said = await Tool.RunAsync(
            "ansible-playbook",
            ["-i", In("hosts"), "-e", $"@{In("exposures.json")}", Path.Combine(Playbooks, "exposures.yml")],
            cancel,
            _environment
        );
        var took = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
        return said.Contains("changed=2", StringComparison.Ordinal)
            ? took
            : throw new InvalidOperationException($"Ansible changed something else: {said}");
    }

    /// <summary>Ends the connection that it keeps.</summary>
    public async ValueTask DisposeAsync()
    {
        var socket = In("gateway");
        if (File.Exists(socket))
            await Tool.RunAsync("ssh", ["-o", $"ControlPath={socket}", "-O", "exit", "gateway"], CancellationToken.None);
        if (Directory.Exists(_folder.FullName))
            _folder.Delete(recursive: true);
    }
}
