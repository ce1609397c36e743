using ChatOps.Bot.Configuration;
using ChatOps.Bot.Hosting;
using ChatOps.Bot.Local;
using ChatOps.Bot.Requests;
using ChatOps.Hosting;

namespace ChatOps.Local.Serving;

/// <summary>The page and the socket of the service; it has started when both answer.</summary>
/// <param name="firstSteps">What is said at a start as long as there is no gateway; null for nothing.</param>
/// <param name="configuration">Where our secret at an identity provider is looked for.</param>
internal sealed partial class ServedSurfaces(
    ServeSettings settings,
    PolicyFile policy,
    FirstSteps firstSteps,
    IConfiguration configuration,
    ConversationCore core,
    ILogger<ServedSurfaces> log
) : IHostedService
{
    private LinkedPage? _page;
    private WebApplication? _team;
    private LineSocket? _socket;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var links = Path.Combine(settings.Data, "sign-in");
        if (settings.Web is { } web)
            _team = await web.StartAsync(policy, name => configuration[name], core, cancellationToken);
        else
            _page = await LinkedPage.StartAsync(settings.Port, policy, core, links, cancellationToken);
        _socket = await LineSocket.OpenAsync(settings.Socket, policy.Accounts, core, cancellationToken);
        if (firstSteps.Text is { } text && (await core.Ledger.LoadAllAsync(cancellationToken)).Values.All(s => s.Running.Gateway is null))
        {
            foreach (var line in text.Split('\n'))
                Said(line.TrimEnd());
        }

        Serving(
            ProgramVersion.Current,
            settings.Data,
            _socket.Path,
            settings.Web is { } team ? $"{team.Origin}"
                : _page?.Address is { } at ? $"{at}, links in {links}"
                : "none"
        );
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_socket is not null)
            await _socket.DisposeAsync();
        if (_page is not null)
            await _page.DisposeAsync();
        if (_team is not null)
            await _team.DisposeAsync();
        (_socket, _page, _team) = (null, null, null);
    }

    [LoggerMessage(1, LogLevel.Information, "{Sentence}")]
    private partial void Said(string sentence);

    [LoggerMessage(2, LogLevel.Information, "{Version} serves until SIGTERM, with the data in {Data}; lines: {Socket}; page: {Page}")]
    private partial void Serving(string version, string data, string socket, string page);
}

/// <param name="Text">The text; null for nothing.</param>
internal sealed record FirstSteps(string? Text);
