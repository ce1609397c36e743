using ChatOps.Bot.Configuration;
using ChatOps.Bot.Hosting;
using ChatOps.Bot.Requests;
using ChatOps.Core.Loops;
using ChatOps.Core.Ports;
using ChatOps.Local.Backups;
using ChatOps.Operations.Applying;
using Microsoft.Extensions.Hosting.Systemd;

namespace ChatOps.Local.Serving;

/// <summary>
/// The local edition as what a host starts and stops: it has started when everything answers, and when a part of it breaks, the host is stopped, so that
/// whoever watches over the process starts it again.
/// </summary>
/// <param name="settings">What the service is told.</param>
/// <param name="configuration">Where a token for Discord is looked for.</param>
/// <param name="life">The host's life.</param>
/// <param name="logs">Where it is logged.</param>
/// <param name="systemd">Hears that all is well; null when systemd does not watch.</param>
internal sealed class EditionService(ServeSettings settings, IConfiguration configuration, IHostApplicationLifetime life, ILoggerFactory logs, ISystemdNotifier? systemd = null) : IHostedService, IDisposable
{
    private readonly ILogger _log = logs.CreateLogger<EditionService>();
    private readonly CancellationTokenSource _stop = new();
    private DataFolder? _folder;
    private IGatewayShell? _shell;
    private LocalEdition? _edition;
    private LinkedPage? _page;
    private WebApplication? _team;
    private LineSocket? _socket;
    private Task _running = Task.CompletedTask;

    /// <summary>True when it has not just been stopped.</summary>
    public bool IsBroken { get; private set; }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await OpenAsync(PolicyFile.Load(settings.Policy), cancellationToken);
        }
        catch
        {
            await CloseAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running;
        await CloseAsync();
        ServiceLog.Stopped(_log);
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task OpenAsync(PolicyFile policy, CancellationToken cancel)
    {
        _folder = DataFolder.Open(settings.Data);
        (var gateways, _shell, var firstSteps) = settings.Way.Open(settings.Data, working: null);
        _edition = await LocalEdition.StartAsync(
            _folder.Log,
            gateways,
            _shell,
            policy.Policy,
            Path.Combine(AppContext.BaseDirectory, "templates"),
            ApplyOptions.Default,
            TimeProvider.System,
            logs,
            cancel,
            checkpoints: settings.Checkpoints
        );
        _edition.Loops.Start("reading the policy file", new PolicyWatch(policy, _edition.Core).RunAsync);
        if (settings.Web is { } web)
            _team = await web.StartAsync(policy, name => configuration[name], _edition.Core, cancel);
        else
            _page = await LinkedPage.StartAsync(settings.Port, policy, _edition.Core, Path.Combine(settings.Data, "sign-in"), cancel);
        _socket = await LineSocket.OpenAsync(settings.Socket, policy.Accounts, _edition.Core, cancel);
        if (systemd is not null && Watchdog.Period() is { } period)
            _edition.Loops.Start("telling systemd that all is well", stop => Watchdog.RunAsync(systemd, _edition.Core.Ledger, period, stop));
        _running = RunAsync(policy, _edition);
        if (firstSteps is not null && (await _edition.Core.Ledger.LoadAllAsync(cancel)).Values.All(s => s.Running.Gateway is null))
        {
            foreach (var line in firstSteps.Split('\n'))
                ServiceLog.Said(_log, line.TrimEnd());
        }

        ServiceLog.Serving(_log, ProgramVersion.Current, settings.Data, _socket.Path, settings.Web is { } team ? $"{team.Origin}" : _page?.Address is { } at ? $"{at}, links in {Path.Combine(settings.Data, "sign-in")}" : "none");
    }

    private async Task RunAsync(PolicyFile policy, LocalEdition edition)
    {
        try
        {
            await edition.Loops.WhileRunningAsync(
                over => DiscordHost.BesideAsync(policy, name => configuration[name], edition.Core, DataFolder.NotesIn(settings.Data), logs, StayAsync, over),
                _stop.Token
            );
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
        catch (Exception e)
        {
            IsBroken = true;
            ServiceLog.Broke(_log, e is LoopEndedException or ConfigurationException ? e.Message : $"the service has ended: {e.Message}", e);
            life.StopApplication();
        }
    }

    private static async Task<int> StayAsync(CancellationToken cancel)
    {
        await Task.Delay(Timeout.Infinite, cancel);
        return 0;
    }

    private async Task CloseAsync()
    {
        if (_socket is not null)
            await _socket.DisposeAsync();
        if (_page is not null)
            await _page.DisposeAsync();
        if (_team is not null)
            await _team.DisposeAsync();
        if (_edition is not null)
            await _edition.DisposeAsync();
        if (_shell is not null)
            await GatewayWay.CloseAsync(_shell);
        _folder?.Dispose();
        (_socket, _page, _team, _edition, _shell, _folder) = (null, null, null, null, null, null);
    }
}
