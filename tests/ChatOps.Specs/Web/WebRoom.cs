using System.Collections.Immutable;
using System.Text;
using ChatOps.Bot.Local;
using ChatOps.Bot.Web;
using ChatOps.Bot.Web.Entry;
using ChatOps.Core.Application.Ports;
using ChatOps.Core.Decisions;
using ChatOps.Core.Decisions.Policy;
using ChatOps.Core.Domain.Authority;
using ChatOps.Core.Domain.Changes;
using ChatOps.Core.Domain.Gateways;
using ChatOps.Core.Domain.Values;
using ChatOps.Storage;
using ChatOps.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ChatOps.Specs.Web;

/// <summary>
/// The page as people get it: a real server on loopback, a real room, conversation and log; only nobody applies what is accepted.
/// </summary>
internal sealed class WebRoom : IAsyncDisposable
{
    private static readonly Name<Gateway> Gw1 = Text.Parse<Name<Gateway>>("gw1");

    private readonly TempFolder _folder;
    private readonly SqliteEventLog _log;
    private readonly WebApplication _app;
    private readonly ConversationHost _host;

    private WebRoom(TempFolder folder, SqliteEventLog log, ChangePolicy policy)
    {
        (_folder, _log) = (folder, log);
        _host = new ConversationHost(log, folder.In("past.db"), [], more: s => s.AddSingleton<IHealthBoard>(Board).AddSingleton(policy));
        LinkSignIn = new LinkSignIn([User("olga", Role.Operator), User("ada", Role.Approver), User("vic", Role.Viewer)], u =>
            SignedIn.Add(u.Actor.Name)
        );
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        PageAccess.Add(builder.Services, LinkSignIn);
        _app = builder.Build();
        WebChat.Map(_app, LinkSignIn, Core, Clock);
    }

    public ConversationCore Core => _host.Core;

    public List<string> SignedIn { get; } = [];

    public HealthBoard Board { get; } = new();

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UtcNow);

    public LinkSignIn LinkSignIn { get; }

    public Uri Uri => new(_app.Urls.First());

    public IServiceProvider Services => _app.Services;

    public static Speaker User(string name, params ImmutableArray<Role> roles) => new(new Actor("local", name, name), roles);

    /// <summary>A room with a gateway gw1 and a VM vm2 behind it, and what else had happened before it began.</summary>
    public static async Task<WebRoom> OpenAsync(ChangePolicy? policy = null, params ImmutableArray<GatewayEvent> before)
    {
        var folder = new TempFolder();
        var web = new WebRoom(folder, await SqliteEventLog.OpenAsync(folder.In("log.db")), policy ?? ChangePolicy.Default);
        var gateway = Gateway.WithDefaults(Gw1, [Text.Parse<Address>("203.0.113.10"), Text.Parse<Address>("2001:db8::10")], null);
        var vm2 = new VmAdded(0, Text.Parse<Name<Vm>>("vm2"), [Text.Parse<Address>("400::100:0:0:2")]);
        await web.HappensAsync([new GatewayAdded(0, gateway), vm2, .. before]);
        await web._host.StartAsync();
        await web._app.StartAsync();
        return web;
    }

    /// <summary>Writes events as the other steps of the program would.</summary>
    public Task HappensAsync(params ImmutableArray<GatewayEvent> events) =>
        Core.Ledger.DecideAsync(
            Gw1,
            new Origin(Guid.NewGuid().ToString(), Actor.Apply),
            _ => new Decision.Accepted(events),
            CancellationToken.None
        );

    /// <summary>A browser that opened a user's sign-in link.</summary>
    public async Task<Browser> SignInAsync(string name)
    {
        var browser = new Browser(Uri);
        using var page = await browser.GetAsync(LinkSignIn.LinkFor(User(name), Uri));
        page.EnsureSuccessStatusCode();
        return browser;
    }

    /// <summary>The gateway has been asked and said its WireGuard key.</summary>
    public void IsAskedOf(WireGuardKey key) =>
        Board.Put(Gw1, new(TimeProvider.System.GetUtcNow(), Given.Observation() with { WireGuardKey = key }, null));

    /// <summary>Every byte of the log's files.</summary>
    public string Stored() =>
        string.Concat(Directory.EnumerateFiles(_folder.Path).Select(f => Encoding.Latin1.GetString(File.ReadAllBytes(f))));

    /// <summary>Stops the server, as the end of the program does.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _host.DisposeAsync();
        await _log.DisposeAsync();
        _folder.Dispose();
    }
}
