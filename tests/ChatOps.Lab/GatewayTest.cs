using ChatOps.Core.Application.Ports;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Delivery.Ssh;
using ChatOps.Operations.Applying;

namespace ChatOps.Lab;

/// <summary>A test with a gateway that nobody has touched, a log of its own, and a team that talks.</summary>
[Collection(nameof(Lab))]
public abstract class GatewayTest : IAsyncLifetime
{
    protected static readonly Name<Gateway> Gw1 = Text.Parse<Name<Gateway>>("gw1");

    private readonly string _folder = Directory.CreateTempSubdirectory("chatops-lab-").FullName;

    protected string Log => Path.Combine(_folder, "log.db");

    public async Task InitializeAsync() => (await Lab.CallAsync("fresh", "gw1")).Succeeded();

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    private protected Task<Team> TeamAsync(string? templates = null, ApplyOptions? options = null, params Gateway[] gateways) =>
        Team.StartAsync(Log, templates, options, gateways.Length > 0 ? gateways : null);

    /// <summary>A copy of the templates with one text replaced: what a mistake of ours would look like.</summary>
    protected string TemplatesWith(string file, string text, string replacement)
    {
        var copy = CopyOf(Team.Templates);
        var changed = Path.Combine(copy, file);
        var content = File.ReadAllText(changed);
        Assert.Contains(text, content, StringComparison.Ordinal);
        File.WriteAllText(changed, content.Replace(text, replacement, StringComparison.Ordinal));
        return copy;
    }

    /// <summary>The log and all that lies beside it, as they are now, where nobody else works with them.</summary>
    protected string CopyOfLog() => Path.Combine(CopyOf(_folder), Path.GetFileName(Log));

    private string CopyOf(string folder)
    {
        var copy = Path.Combine(_folder, Path.GetRandomFileName());
        foreach (var path in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(folder, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }

        return copy;
    }

    /// <summary>
    /// A certificate on the gateway for a host, for two days, that nobody has signed; as an administrator makes it, or certbot: the key
    /// stays there.
    /// </summary>
    protected static async Task MakeCertificateAsync(string name, string host) =>
        (
            await Lab.ExecAsync(
                "gw1",
                "sh",
                "-ec",
                $"mkdir -p /etc/chatops/tls/{name}; cd /etc/chatops/tls/{name}; umask 077; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN={host} -addext subjectAltName=DNS:{host} -keyout privkey.pem -out fullchain.pem 2>/dev/null"
            )
        ).Succeeded();

    /// <summary>What the gateway says of itself.</summary>
    protected static async Task<GatewayObservation> ObserveAsync()
    {
        var lab = Lab.File;
        await using var shell = new SshGatewayClient(lab.Access);
        return await shell.ObserveAsync(lab.Gateways[0], default);
    }

    /// <summary>
    /// What the gateway finds that is not as the confirmed revision says, once it has time to look: it may be starting still.
    /// </summary>
    protected static async Task<Drift[]> DriftAsync()
    {
        var lab = Lab.File;
        await using var shell = new SshGatewayClient(lab.Access);
        return await Eventually.ThereAsync<Drift[]>(async () =>
        {
            try
            {
                return [.. await shell.DriftAsync(lab.Gateways[0], default)];
            }
            catch (GatewayUnreachableException e) when (e.Message.Contains("busy", StringComparison.Ordinal))
            {
                return null;
            }
        });
    }

    /// <summary>The gateway runs exactly what the log says, confirmed, and every accepted change has its end.</summary>
    private protected static async Task AgreedAsync(Team team)
    {
        var state = await team.StateAsync();
        var seen = await ObserveAsync();
        Assert.Empty(state.Queue);
        Assert.Equal(state.RunningRevision, seen.Running);
        Assert.Equal(state.RunningRevision, seen.Confirmed);
        Assert.All(state.Changes.Values, c => Assert.IsNotType<ChangeStatus.Accepted>(c.Status));
    }
}
