using ChatOps.Core.Application.Ports;
using ChatOps.Delivery.Folder;
using ChatOps.Delivery.Ssh;
using Microsoft.Extensions.Configuration;

namespace ChatOps.Operations.Settings;

/// <summary>What a process that changes gateways is told by its settings.</summary>
/// <param name="Folder">Where gateways are folders; null when they are machines.</param>
/// <param name="Access">How they are reached; null when they are folders.</param>
/// <param name="RepairsByItself">True when a gateway that has drifted is repaired without being asked.</param>
public sealed record AppSettings(string? Folder, GatewayAccess? Access, bool RepairsByItself)
{
    /// <summary>Reads them; what is missing or wrong is added to the problems, each a sentence with an example.</summary>
    public static AppSettings Read(IConfiguration configuration, ICollection<string> problems)
    {
        var (folder, access) = WayToGateways(configuration, problems);
        var repair = configuration["CHATOPS:Repair"] ?? "asked";
        if (repair is not ("asked" or "automatic"))
            problems.Add($"CHATOPS__Repair: expected asked or automatic, found \"{repair}\"");
        return new(folder, access, repair == "automatic");
    }

    /// <summary>The way to the gateways.</summary>
    public IGatewayClient OpenShell() =>
        Folder is not null ? new FolderGatewayClient(Folder, TimeProvider.System) : new SshGatewayClient(Access!);

    private static (string? Folder, GatewayAccess? Access) WayToGateways(IConfiguration configuration, ICollection<string> problems)
    {
        if (configuration["CHATOPS:Gateways:Folder"] is { Length: > 0 } folder)
            return (folder, null);
        try
        {
            if (configuration["CHATOPS:Gateways:Lab"] is { Length: > 0 } lab)
                return (null, LabAccess.Load(lab));
        }
        catch (InvalidDataException e)
        {
            problems.Add($"CHATOPS__Gateways__Lab: {e.Message}");
            return (null, null);
        }

        var identity =
            configuration["CHATOPS:Ssh:Key"] is { Length: > 0 } key ? SshIdentity.OfText("CHATOPS__Ssh__Key", new SshKeyText(key))
            : configuration["CHATOPS:Ssh:IdentityFile"] is { Length: > 0 } file ? SshIdentity.OfFile(file)
            : null;
        if (identity is not null)
        {
            var access = new GatewayAccess(identity);
            return (null, configuration["CHATOPS:Ssh:User"] is { Length: > 0 } login ? access with { Login = login } : access);
        }

        problems.Add(
            "CHATOPS__Ssh__IdentityFile: expected the file with the private key, such as /etc/chatops/id_ed25519; or CHATOPS__Ssh__Key from a key vault, or CHATOPS__Gateways__Folder for gateways that are folders"
        );
        return (null, null);
    }
}
