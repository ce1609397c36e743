using System.Collections.Concurrent;
using System.Collections.Immutable;
using ChatOps.Bot.Configuration;
using ChatOps.Bot.Local;
using ChatOps.Bot.Terminal;
using ChatOps.Bot.Web;
using ChatOps.Bot.Web.Entry;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Application.Statistics;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Hosting;
using ChatOps.Local;
using ChatOps.Operations.Applying;
using ChatOps.Operations.Reconciling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatOps.Browser;

/// <summary>The local edition in this process with its page on loopback, over a gateway that is a folder.</summary>
public sealed class Edition : IAsyncDisposable
{
    private static readonly Name<Gateway> Gw1 = Text.Parse<Name<Gateway>>("gw1");

    private readonly DirectoryInfo _folder;
    private readonly CountingGateway _gateway;
    private readonly LocalEdition _edition;
    private readonly PolicyFile _policy;
    private readonly LinkSignIn _signIns;
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _complaints;

    private Edition(
        DirectoryInfo folder,
        CountingGateway gateway,
        LocalEdition edition,
        PolicyFile policy,
        ConcurrentQueue<string> complaints
    )
    {
        (_folder, _gateway, _edition, _policy, _complaints) = (folder, gateway, edition, policy, complaints);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _signIns = new LinkSignIn(policy.Users);
        PageAccess.Add(builder.Services, _signIns);
        _app = builder.Build();
        WebChat.Map(_app, _signIns, edition.Core, TimeProvider.System);
    }

    public ConversationCore Core => _edition.Core;

    public Uri Page => new(_app.Urls.First());

    /// <param name="policy">Makes another policy of the one that comes with the program; null for that.</param>
    /// <param name="isFolder">True for a gateway that says that it is a folder, with nothing open.</param>
    public static async Task<Edition> StartAsync(Func<string, string>? policy = null, bool isFolder = false)
    {
        var folder = Directory.CreateTempSubdirectory("chatops-browser-");
        var gateway = new CountingGateway(Path.Combine(folder.FullName, "gateways")) { IsFolder = isFolder };
        var rules = Path.Combine(folder.FullName, "policy.json");
        var shipped = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "policy.json"));
        await File.WriteAllTextAsync(rules, policy?.Invoke(shipped) ?? shipped);
        var people = PolicyFile.Load(rules);
        var complaints = new ConcurrentQueue<string>();
        var local = await LocalEdition.StartAsync(
            Path.Combine(folder.FullName, "log.db"),
            KnownGateways.OfFolders,
            gateway,
            people.Policy,
            Path.Combine(AppContext.BaseDirectory, "templates"),
            ApplyOptions.Default,
            TimeProvider.System,
            SentenceLog.To(complaints.Enqueue),
            default,
            ReconcileOptions.Default with
            {
                Every = TimeSpan.FromMilliseconds(500),
            }
        );
        var edition = new Edition(folder, gateway, local, people, complaints);
        await edition._app.StartAsync();
        return edition;
    }

    /// <summary>The link that signs somebody in once.</summary>
    public Uri LinkFor(string name) => _signIns.LinkFor(_policy.Users.First(u => u.Actor.Name == name), Page);

    /// <summary>Somebody says a line: <c>operator: expose vm2:8080 on 80</c>.</summary>
    public async Task SayAsync(string line)
    {
        var (speaker, text) = NamedLine.Read(line, _policy.Users, _policy.Users.First(u => u.Has(Role.Admin)))!.Value;
        await Core.Chat.SayAsync(speaker, text, null, default);
    }

    /// <summary>The operator, or whom a line names, proposes and the approver approves, until it is confirmed; line by line.</summary>
    public async Task AppliedAsync(params string[] lines)
    {
        foreach (var line in lines)
        {
            var number = (await Core.Ledger.LoadAsync(Gw1, default)).NextNumber;
            await SayAsync(line.Split(" ")[0].EndsWith(':') ? line : $"operator: {line}");
            await SayAsync($"approver: approve {number}");
            await Eventually.TrueAsync(async () => !(await Core.Ledger.LoadAsync(Gw1, default)).Changes[number].IsOpen);
            Assert.IsType<ChangeStatus.Applied>((await Core.Ledger.LoadAsync(Gw1, default)).Changes[number].Status);
        }
    }

    /// <summary>The gateway tells of packets, so many a second by port, and of one peer that shakes hands.</summary>
    public async Task CountsAsync(params (string Port, int Packets)[] ports)
    {
        _gateway.Packets = ports.ToImmutableSortedDictionary(p => Text.Parse<PublicPort>(p.Port), p => p.Packets);
        _gateway.Peers = [.. (await Core.Ledger.LoadAsync(Gw1, default)).Running.Peers.Values.Take(1).Select(p => p.Key)];
        var now = TimeProvider.System.GetUtcNow();
        foreach (var time in new[] { now.AddSeconds(-1), now })
            Core.Board.Add(Gw1, new StatsSample(time, _gateway.StatsAt(time)));
    }

    /// <summary>Somebody changes something on the gateway by hand, or puts it back.</summary>
    public void Drifts(params ImmutableArray<Drift> drift) => _gateway.Drift = drift;

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _edition.DisposeAsync();
        _gateway.Dispose();
        _folder.Delete(recursive: true);
        Assert.Empty(_complaints);
    }
}
