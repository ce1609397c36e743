using ChatOps.Local;

namespace ChatOps.Bench;

/// <summary>The lab with the gateway that changes are measured on.</summary>
internal sealed class Lab(string name)
{
    private const string Script = "infra/lab/lab";

    /// <summary>The lab's name.</summary>
    public string Name => name;

    /// <summary>An empty gateway, started anew, and how to reach it.</summary>
    public async Task<LabFile> FreshAsync(CancellationToken cancel)
    {
        await Tool.RunAsync(Script, ["--name", name, "fresh", "gw1"], cancel);
        return LabFile.Load($"/run/chatops-lab/{name}/lab.json");
    }

    /// <summary>The WireGuard public key of vm1.</summary>
    public async Task<string> PublicKeyAsync(CancellationToken cancel) =>
        (await Tool.RunAsync(Script, ["--name", name, "pubkey", "vm1"], cancel)).Trim();

    /// <summary>Runs a command inside the gateway.</summary>
    public Task<string> OnGatewayAsync(string[] command, CancellationToken cancel) =>
        Tool.RunAsync(Script, ["--name", name, "exec", "gw1", .. command], cancel);

    /// <summary>Runs a command in the network of the public client.</summary>
    public Task<string> OnClientAsync(string[] command, CancellationToken cancel) =>
        Tool.RunAsync(Script, ["--name", name, "exec", "client", .. command], cancel);

    /// <summary>Bytes that have come to and gone from the gateway on the public network, down to Ethernet.</summary>
    public async Task<long> WireAsync(CancellationToken cancel)
    {
        var said = await OnGatewayAsync(
            ["cat", "/sys/class/net/eth0/statistics/rx_bytes", "/sys/class/net/eth0/statistics/tx_bytes"],
            cancel
        );
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(long.Parse);
    }
}
