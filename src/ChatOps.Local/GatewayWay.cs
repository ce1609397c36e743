using ChatOps.Bot.Configuration;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Delivery.Folder;
using ChatOps.Delivery.Ssh;

namespace ChatOps.Local;

/// <summary>Which gateways there are from the start, and how all of them are reached.</summary>
/// <param name="Lab">The lab's description (<c>lab.json</c>), or null.</param>
/// <param name="Folder">The folder gateway's path, or null. With neither of both, gateways are what somebody adds to the log.</param>
/// <param name="Identity">The key to log in with; null for one of our own, made at the first start.</param>
internal sealed record GatewayWay(string? Lab, string? Folder, string? Identity)
{
    /// <summary>True when gateways are those that somebody adds.</summary>
    public bool IsOwn => Lab is null && Folder is null;

    /// <summary>Opens it; whoever does disposes of the shell.</summary>
    /// <param name="data">The data folder, for a key of our own.</param>
    /// <param name="working">The folder in which a newcomer types; null when nobody knows.</param>
    /// <returns>The gateways, the way to them, and what a newcomer is told as long as there is no gateway.</returns>
    /// <exception cref="ConfigurationException">The lab's description cannot be read, or the key cannot be used.</exception>
    public (IReadOnlyList<Gateway> Gateways, IGatewayClient Shell, string? FirstSteps) Open(string data, string? working)
    {
        if (Folder is not null)
            return (KnownGateways.OfFolders, new FolderGatewayClient(Folder, TimeProvider.System), null);
        if (Lab is not null)
        {
            var lab = LabFile.Load(Lab);
            return (lab.Gateways, new SshGatewayClient(lab.Access), null);
        }

        var key = KeyIn(Path.Combine(data, "ssh"));
        return ([], new SshGatewayClient(new GatewayAccess(key.Identity)), new NewGateway(key, AppContext.BaseDirectory, working).Text);
    }

    public static async ValueTask CloseAsync(IGatewayClient shell)
    {
        if (shell is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else
            (shell as IDisposable)?.Dispose();
    }

    private ControllerKey KeyIn(string folder)
    {
        try
        {
            return Identity is not null
                ? ControllerKey.Named(Identity, folder, Environment.GetEnvironmentVariable("SSH_AUTH_SOCK"))
                : ControllerKey.MakeOrLoad(folder);
        }
        catch (InvalidOperationException e)
        {
            throw new ConfigurationException(e.Message, e);
        }
    }
}
