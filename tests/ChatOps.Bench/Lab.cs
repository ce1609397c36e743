using ChatOps.Local;

namespace ChatOps.Bench;

/// <summary>The lab with the gateway that changes are measured on.</summary>
internal sealed class Lab(string name)
{
    private const string Script = "infra/lab/lab";

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
}
