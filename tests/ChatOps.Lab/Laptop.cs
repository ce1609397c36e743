using System.Diagnostics;

namespace ChatOps.Lab;

/// <summary>
/// A laptop on the public side with a tunnel of its own: wireguard-go in the client's network, set up by nothing but the configuration that
/// its owner was given.
/// </summary>
internal sealed class Laptop : IAsyncDisposable
{
    // wireguard-go keeps a socket a name for the whole machine.
    private readonly string _name = $"wgl{Guid.NewGuid():N}"[..12];
    private readonly string _folder = Directory.CreateTempSubdirectory("chatops-laptop-").FullName;
    private readonly Process _tunnel;

    private Laptop() =>
        _tunnel = Lab.StartIn("client", "env", "LOG_LEVEL=error", "WG_PROCESS_FOREGROUND=1", "wireguard-go", "--foreground", _name);

    public static async Task<Laptop> StartAsync(string configuration)
    {
        var laptop = new Laptop();
        await Eventually.TrueAsync(async () => (await Lab.ExecAsync("client", "wg", "show", laptop._name)).Code == 0);
        await laptop.UseAsync(configuration);
        return laptop;
    }

    /// <summary>Does what wg-quick would do with a configuration.</summary>
    public async Task UseAsync(string configuration)
    {
        var path = Path.Combine(_folder, $"{_name}.conf");
        await File.WriteAllTextAsync(path, configuration);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var stripped = Path.Combine(_folder, "stripped");
        await File.WriteAllTextAsync(stripped, (await Lab.ExecAsync("client", "wg-quick", "strip", path)).Succeeded().Text);
        (await Lab.ExecAsync("client", "wg", "setconf", _name, stripped)).Succeeded();
        foreach (var address in Setting(configuration, "Address").Split(", "))
            await IpAsync("address", "replace", address, "dev", _name);
        await IpAsync("link", "set", _name, "mtu", "1420", "up");
        foreach (var network in Setting(configuration, "AllowedIPs").Split(", "))
            await IpAsync("route", "replace", network, "dev", _name);
    }

    /// <summary>Until an address answers a ping through the tunnel, which first has to shake hands.</summary>
    public Task ReachesAsync(string address) => Eventually.TrueAsync(() => PingsAsync(address), () => $"{address} does not answer");

    /// <summary>True when an address answers a ping through the tunnel within ten seconds, in which a handshake is tried twice.</summary>
    public async Task<bool> PingsAsync(string address) =>
        (await Lab.ExecAsync("client", "ping", "-n", "-c", "5", "-i", "2", "-W", "2", "-I", _name, address)).Code == 0;

    public static string Setting(string configuration, string name) =>
        configuration.Split('\n').Single(l => l.StartsWith($"{name} = ", StringComparison.Ordinal))[(name.Length + 3)..];

    public async ValueTask DisposeAsync()
    {
        _tunnel.Kill(entireProcessTree: true);
        await _tunnel.WaitForExitAsync();
        _tunnel.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task IpAsync(params string[] arguments) => (await Lab.ExecAsync("client", ["ip", .. arguments])).Succeeded();
}
